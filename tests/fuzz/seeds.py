"""The corpus: what each target understands, and what once broke it."""

from typing import Final

LINES: Final = (
    b"PRIVMSG #trail :hello there",
    b"@time=2026-01-01T00:00:00.000Z;+draft/react=\xf0\x9f\x98\x80;a\\:b=c\\sd :ann!a@h TAGMSG #t",
    b":server 005 ann CHANTYPES=# PREFIX=(qaohv)~&@%+ :are supported",
    b"@a;b=;=c;;d=\\ NICK",
    b": :x",
    b"@",
    b"@a ",
    b"CAP REQ :-x y",
)

SASL: Final = (
    b"\0ann\0correct horse",
    b"bob\0ann\0pw",
    b"n,,n=ann,r=fyko+d2lbbFgONRv9qkxdawL",
    b"c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
    b"r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
    b"v=rmF9pqV8S7suAoZWja4dJRkFsKQ=",
    b"y,,n==2C=3D,r=x",
    b"p=tls-unique,,n=,r=",
)

WEBSOCKETS: Final = (
    b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    b"Sec-WebSocket-Protocol: text.ircv3.net\r\n\r\n"
    b"\x81\x89\x01\x02\x03\x04OKB\x5e!cma\x0b",
    b"GET /?x=y HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET / HTTP/1.0\r\n\r\n",
    b"\x88\x80\0\0\0\0\x89\x85\0\0\0\0hello\x01\x83\0\0\0\0abc\x80\x80\0\0\0\0",
)

PROXIES: Final = (
    b"PROXY TCP4 192.0.2.1 192.0.2.2 1024 5555\r\nNICK ann\r\n",
    b"PROXY TCP6 2001:db8::1 ::1 1024 5555\r\n",
    b"PROXY UNKNOWN\r\n",
    b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\xc0\0\2\1\xc0\0\2\2\4\0\x15\xb3NICK",
    b"\r\n\r\n\0\r\nQUIT\n\x20\0\0\0",
    b"\r\n\r\n\0\r\nQUIT\n\x21\x21\0\x24" + bytes(36),
)

TLS: Final = (
    b"\x16\x03\x01\0\x2f\x01\0\0\x2b\x03\x03" + bytes(32) + b"\0\0\2\x13\1\1\0",
    b"\x15\x03\x01\0\2\2\x28",
    b"\x16\x03\x01\xff\xff",
)

HANDSHAKES: Final = (
    b"",
    b"\0\0\x15\x03\x01\0\2\2\x28",
    b"\0\x10\xff",
    b"\1\0\x0b\0\3\x07\0\3\x04\0\3\x01\x30\x82",
    b"\1\x40" + bytes(64),
)
"""Where in the client's bytes, and what stands there instead."""

QUERIES: Final = (
    b"tea walks",
    b'"exact words" in:#trail from:ann after:2026-01-01 before:yesterday has:link',
    b"after:7d -not caf\xc3\xa9",
    b"text=tea\\sand;in=#trail;from=ann;limit=5;has=link;after=2026-01-01T00:00:00.000Z",
    b'""" ** NEAR(a b, 2) OR AND NOT x* ^a',
    b">5,<10,C<60,T>9,!*x*,#t*",
)

SETTINGS: Final = (
    b'listen = "127.0.0.1:5555,unix:/tmp/x"\n[rooms]\nempty_days = 30\n[limits]\nlinks = 5\n',
    b'[opers]\nboss = "secret"\n[webirc]\n"192.0.2.0/24" = "pw"\n[proxy]\ntrusted = "::1"\n',
    b'[tls]\nmode = "on"\ncertificate = "a"\nkey = "b"\n[names]\nbeyond_ascii = true\n',
    b'name = "a.b"\nmotd = """one\ntwo"""\n[limits.links]\nx = 1979-05-27T07:32:00Z\n',
)

LOGS: Final = (
    b"--- Log opened Sat Nov 21 23:58:00 2026\n23:58 -!- bob [bob@host.example] has joined #t\n"
    b"23:59 <@ann> hello: <all>\n23:59:30 < bob>  two\n--- Day changed Sun Nov 22 2026\n"
    b"00:00  * bob waves\n00:01 -bob:#t- a notice\n00:02 -!- mode/#t [+o bob] by ann\n"
    b"00:03 -!- ann changed the topic of #t to: hills\n00:04 -!- bob is now known as bo\n"
    b"00:06 -!- bo was kicked from #t by ann [flood [again]]\n"
    b"00:07 -!- carl [c@d] has quit [Ping timeout]\n00:08 -!- dora [d@e] has left #t []\n"
    b"--- Log closed Sun Nov 22 00:09:00 2026\n",
    b"2026-11-21 23:58:00\t-->\tbob (Bob (self)) (bob@host.example) has joined #trail\n"
    b"2026-11-21 23:59:00\t@ann\thello: <all>\n2026-11-22 00:00:00\t *\tbob waves\n"
    b"2026-11-22 00:01:00\t--\tNotice(bob): a notice\n"
    b"2026-11-22 00:02:00\t--\tMode #trail [+o bob] by ann\n"
    b'2026-11-22 00:03:00\t--\tann has changed topic for #trail from "old" to "hills: green"\n'
    b"2026-11-22 00:06:00\t<--\tann has kicked bobby (flood [again])\n",
    b"--- Log opened Mon Jan 01 00:00:00 0001\n00:00 <ann> x\n",
    b"9999-12-31 23:59:59\tann\tx\n0001-01-01 00:00:00\tann\tx\n",
)

_HEAD: Final = b'{"format":"chat-server export","version":1}\n'
_ROOM: Final = (
    b'{"log":"#old","created":"2026-01-01T00:00:00.000Z","owner":"ann","topic":"hills",'
    b'"topic_time":"2026-01-02T00:00:00.000Z","modes":"nt","retention":"30d"}\n'
)
_SAID: Final = (
    b'{"kind":"PRIVMSG","time":"2026-01-01T00:00:01.000Z","msgid":"0000000007-000000001000000",'
    b'"source":"ann!a@h","text":"frist\\nsecond","account":"ann",'
    b'"tags":"+draft/reply=0000000007-000000001000000"}\n'
)

EXPORTS: Final = (
    _HEAD + _ROOM + _SAID,
    _HEAD + _ROOM + _SAID + b'{"kind":"EDIT","time":"2026-01-01T00:00:02.000Z","source":"ann!a@h",'
    b'"msgid":"0000000007-000000002000000","refers":"0000000007-000000001000000","text":"first",'
    b'"replaced":"frist","replaced_time":"2026-01-01T00:00:02.000Z"}\n',
    _HEAD + b'{"log":"ann bob","created":"2026-01-01T00:00:00.000Z","between":["ann","ann"]}\n',
    _HEAD + b'{"log":"#\\ud800","created":"1970-01-01","topic":"\\udfff","between":[1,2]}\n',
    _HEAD + b"[" * 3_000 + b"\n",
    _HEAD + b'{"log":' + b"9" * 5_000 + b"}\n",
)

DAMAGES: Final = (
    b"\0\0\0not a database",
    b"\0\0\x14\xff\xff",
    b"\0\x10\0\x0d\0\0\0\1\x0f",
    b"\0\xa0\0" + bytes(4_096),
)
"""Where in the file, in three bytes, and what stands there instead."""

KEPT: Final = (
    b'{"server":"a.b:5555","nick":"ann","device":"x","servers":{"a.b:5555":{"rooms":["#t"],'
    b'"ignored":[],"drafts":{"#t":"x"},"nick":"ann","is_open":true,"identity":{"account":"ann",'
    b'"fingerprints":["ab"]}}}}',
    b'{"servers":' + b"[" * 3_000,
    b'{"nick":"\\ud800","device":' + b"9" * 5_000 + b"}",
    b'{"servers":{"\\udc00":{"drafts":{"\\udfff":"x"}}},"nick":"\\ud800"}',
    b'# mine\n[look]\ntheme = "nord"\nnick_width = 12\n[keys]\nunread = "f4"\n[x]\ny = 1e400\n',
    b"look = " + b"[" * 3_000,
    b"example.org:5555 " + b"ab" * 32 + b" 2026-01-01\n",
    b"example.org 6697 1800000000 86400\nexample.org " + b"9" * 5_000 + b" 1 1\n",
)

ORDERS: Final = (
    b'{"do": "account list", "after": "ann"}',
    b'{"do": "account add", "name": "ann", "password_hash": "x", "salt": "eA==", "iterations": 1}',
    b'{"do": "audit", "room": "#trail", "before": 5}',
    b'{"do": "ban add", "name": "192.0.2.0/24", "for": "7d", "reason": "x"}',
    b'{"do": "mute add", "name": ""}',
    b'{"do": "filter list", "after": 9}',
    b'{"do": "lockdown on", "reason": "\\u001b[2J"}',
    b'{"do": ["account list"], "name": {"a": null}}',
    b"[" * 3_000,
)

TEXTS: Final = (
    b"**bold** _it_ `code` ||spoiler|| ~~gone~~ [label](https://example.org/a_(b)?c=d#e)",
    b"```python\nprint('x')\n```\n> quote\n- one\n1. two\n# head",
    b"\x02bold\x02 \x0304,12colour\x03 \x1ditalic\x0f \x01ACTION waves\x01",
    b"\xd8\xa7\xd9\x84\xd8\xb9 \xe2\x80\xae reversed \xe2\x81\xa6x\xe2\x81\xa9 \xf0\x9f\x91\xa9",
    b"https://example.org/" + b"a" * 300 + b" www.example.org. (http://x.y)",
    b"-" * 100,
)

COMMANDS: Final = (
    b"NICK dee\nUSER d 0 * :d\nJOIN #trail\nPRIVMSG #trail :hi\nMODE #trail +o bob\nQUIT",
    b"CREATE #new\nMODE #new +ntsk key\nINVITE bob #new\nTOPIC #new :t\nKICK #new bob\nCLOSE #new",
    b"CAP LS 302\nCAP REQ :batch labeled-response message-tags draft/multiline\n"
    b"BATCH +x draft/multiline #trail\n@batch=x PRIVMSG #trail :a\nBATCH -x",
    b"CHATHISTORY LATEST #trail * 10\nCHATHISTORY BETWEEN #trail timestamp=2026-01-01T00:00:00Z "
    b"msgid=0000000001-000000001000000 5\nSEARCH text=hi\nMARKREAD #trail timestamp=2026-01-01",
    b"REGISTER * * :correct horse\nPRIVMSG NickServ :IDENTIFY a b\nAUTHENTICATE PLAIN\n"
    b"AUTHENTICATE AGFubgBjb3JyZWN0IGhvcnNl\nMETADATA * SET k :v\nMONITOR + a,b,c",
    b"OPER boss secret\nUBAN ADD 192.0.2.0/24 1h :x\nUMUTE ADD bob\nFILTER ADD sp*am\nAUDIT\n"
    b"LOCKDOWN ON\nLOCKDOWN OFF\nKILL bob :x\nSETHOST bob a.b\nREHASH\nUBAN LIST",
    b"RENAME #trail #path :x\nEDIT #path 0000000001-000000001000000 :new\nREDACT #path x\nWHO "
    b"#path %tcuihsnfdlaor,7\nWHOIS bob\nLIST >1\nNAMES #path\nSTATS o\nHELP\nBAN #path bob 1h\n"
    b"UNBAN #path bob",
)

SERVERS: Final = (
    b":s CAP * LS :batch message-tags\n:s 001 ann :hi\n:s 005 ann PREFIX=(ov)@+ CHANTYPES=# :x\n"
    b":ann!a@h JOIN #trail\n:s 353 ann = #trail :@ann +bob\n:s 366 ann #trail :End\n"
    b"@msgid=a;chat-server/number=1 :bob!b@h PRIVMSG #trail :hi",
    b":s BATCH +x chathistory #trail\n@batch=x;msgid=b :bob!b@h PRIVMSG #trail :old\n:s BATCH -x\n"
    b"FAIL CHATHISTORY RATE_LIMITED LATEST 5 :wait\nNOTE * X :y\nERROR :bye",
    b":bob!b@h NICK rob\n:rob!b@h AWAY :x\n:rob!b@h ACCOUNT rob\n:rob!b@h CHGHOST u h\n"
    b":rob!b@h QUIT",
    b":s 332 ann #trail :topic\n:s 333 ann #trail bob 1\n:s MODE #trail +ovk ann bob key\n"
    b":s KICK #trail bob :out\n:s 471 ann #trail :full\n:s 433 ann x :taken\n:s 900 ann a b :c",
    b"@+typing=active :bob!b@h TAGMSG #trail\n"
    b"@+draft/reply=a;+draft/react=x :bob!b@h TAGMSG #trail\n"
    b":s REDACT #trail a :r\n:s EDIT #trail a :new\n:s MARKREAD #trail timestamp=*\n"
    b":s METADATA a b * c",
)
