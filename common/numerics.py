"""TABLE of numeric replies: code, name, parameters, text.

A row becomes a constant; the server encodes with it, the client reads names and parameter
positions from it. Every numeric starts with the recipient's nick, which rows leave out.
Specification: modern IRC "Numerics".
"""

from typing import Final, NamedTuple


class Numeric(NamedTuple):
    """One row. `text` is the last parameter; it may use the parameters' names in braces.

    `{hint}` in it is filled where a caller knows what to do next, else with nothing.

    A row without text ends with its last named parameter (a topic, a list of names).
    """

    code: str
    name: str
    parameters: tuple[str, ...]
    text: str


NUMERICS: Final[dict[str, Numeric]] = {}


def _row(code: str, name: str, parameters: str = "", text: str = "") -> Numeric:
    assert code not in NUMERICS, f"numeric {code} twice"
    row = NUMERICS[code] = Numeric(code, name, tuple(parameters.split()), text)
    return row


RPL_WELCOME: Final = _row("001", "RPL_WELCOME", "", "Welcome, {nick}")
RPL_YOURHOST: Final = _row("002", "RPL_YOURHOST", "", "Your host is {server}, running {version}")
RPL_CREATED: Final = _row("003", "RPL_CREATED", "", "This server was started {started}")
RPL_MYINFO: Final = _row("004", "RPL_MYINFO", "server version user_modes channel_modes arg_modes")
RPL_ISUPPORT: Final = _row("005", "RPL_ISUPPORT", "", "are supported by this server")
RPL_STATSCOMMANDS: Final = _row("212", "RPL_STATSCOMMANDS", "command count")
RPL_ENDOFSTATS: Final = _row("219", "RPL_ENDOFSTATS", "letter", "End of STATS")
RPL_UMODEIS: Final = _row("221", "RPL_UMODEIS", "modes")
RPL_STATSUPTIME: Final = _row("242", "RPL_STATSUPTIME", "", "Server up {uptime}")
RPL_STATSOLINE: Final = _row("243", "RPL_STATSOLINE", "o mask star name")
RPL_LUSERCLIENT: Final = _row(
    "251",
    "RPL_LUSERCLIENT",
    "",
    "There are {visible} visible people and {invisible} invisible ones on {servers} servers",
)
RPL_LUSEROP: Final = _row("252", "RPL_LUSEROP", "count", "operators of the server are here")
RPL_LUSERUNKNOWN: Final = _row(
    "253", "RPL_LUSERUNKNOWN", "count", "connections have not given a name yet"
)
RPL_LUSERCHANNELS: Final = _row("254", "RPL_LUSERCHANNELS", "count", "listed rooms exist")
RPL_LUSERME: Final = _row("255", "RPL_LUSERME", "", "I have {users} people and {servers} servers")
RPL_ADMINME: Final = _row("256", "RPL_ADMINME", "server", "Who runs this server:")
RPL_ADMINLOC1: Final = _row("257", "RPL_ADMINLOC1", "line")
RPL_ADMINLOC2: Final = _row("258", "RPL_ADMINLOC2", "line")
RPL_ADMINEMAIL: Final = _row("259", "RPL_ADMINEMAIL", "line")
RPL_LOCALUSERS: Final = _row(
    "265", "RPL_LOCALUSERS", "users users_max", "{users} people are here, {users_max} at the most"
)
RPL_GLOBALUSERS: Final = _row(
    "266", "RPL_GLOBALUSERS", "users users_max", "{users} people are here, {users_max} at the most"
)
RPL_AWAY: Final = _row("301", "RPL_AWAY", "target away")
RPL_USERHOST: Final = _row("302", "RPL_USERHOST", "replies")
RPL_ISON: Final = _row("303", "RPL_ISON", "nicks")
RPL_UNAWAY: Final = _row("305", "RPL_UNAWAY", "", "You are no longer marked as away")
RPL_NOWAWAY: Final = _row("306", "RPL_NOWAWAY", "", "You are marked as away")
RPL_WHOISUSER: Final = _row("311", "RPL_WHOISUSER", "target user host star realname")
RPL_WHOISSERVER: Final = _row("312", "RPL_WHOISSERVER", "target server description")
RPL_WHOISOPERATOR: Final = _row(
    "313", "RPL_WHOISOPERATOR", "target", "is an operator of the server"
)
RPL_WHOWASUSER: Final = _row("314", "RPL_WHOWASUSER", "target user host star realname")
RPL_ENDOFWHO: Final = _row("315", "RPL_ENDOFWHO", "mask", "End of WHO")
RPL_WHOISIDLE: Final = _row(
    "317", "RPL_WHOISIDLE", "target idle_s signon_s", "seconds idle, signon time"
)
RPL_ENDOFWHOIS: Final = _row("318", "RPL_ENDOFWHOIS", "target", "End of WHOIS")
RPL_WHOISCHANNELS: Final = _row("319", "RPL_WHOISCHANNELS", "target channels")
RPL_LISTSTART: Final = _row("321", "RPL_LISTSTART", "channel", "Users  Name")
RPL_LIST: Final = _row("322", "RPL_LIST", "channel users topic")
RPL_LISTEND: Final = _row("323", "RPL_LISTEND", "", "End of LIST")
RPL_CHANNELMODEIS: Final = _row("324", "RPL_CHANNELMODEIS", "channel modes")
RPL_CREATIONTIME: Final = _row("329", "RPL_CREATIONTIME", "channel time_s")
RPL_NOTOPIC: Final = _row("331", "RPL_NOTOPIC", "channel", "No topic is set")
RPL_TOPIC: Final = _row("332", "RPL_TOPIC", "channel topic")
RPL_TOPICWHOTIME: Final = _row("333", "RPL_TOPICWHOTIME", "channel setter time_s")
RPL_WHOISBOT: Final = _row("335", "RPL_WHOISBOT", "target", "is a bot")
RPL_WHOISACTUALLY: Final = _row(
    "338", "RPL_WHOISACTUALLY", "target user_host address", "is connected from there"
)
RPL_INVITELIST: Final = _row("336", "RPL_INVITELIST", "channel")
RPL_ENDOFINVITELIST: Final = _row("337", "RPL_ENDOFINVITELIST", "", "End of invitations")
RPL_WHOISACCOUNT: Final = _row("330", "RPL_WHOISACCOUNT", "target account", "is logged in as")
RPL_INVITING: Final = _row("341", "RPL_INVITING", "target channel")
RPL_INVEXLIST: Final = _row("346", "RPL_INVEXLIST", "channel mask setter time_s")
RPL_ENDOFINVEXLIST: Final = _row("347", "RPL_ENDOFINVEXLIST", "channel", "End of list")
RPL_EXCEPTLIST: Final = _row("348", "RPL_EXCEPTLIST", "channel mask setter time_s")
RPL_ENDOFEXCEPTLIST: Final = _row("349", "RPL_ENDOFEXCEPTLIST", "channel", "End of list")
RPL_VERSION: Final = _row("351", "RPL_VERSION", "version server comments")
RPL_WHOREPLY: Final = _row("352", "RPL_WHOREPLY", "channel user host server nick flags realname")
RPL_NAMREPLY: Final = _row("353", "RPL_NAMREPLY", "symbol channel names")
RPL_WHOSPCRPL: Final = _row("354", "RPL_WHOSPCRPL", "fields")
RPL_ENDOFLINKS: Final = _row("365", "RPL_ENDOFLINKS", "mask", "End of LINKS")
RPL_ENDOFNAMES: Final = _row("366", "RPL_ENDOFNAMES", "channel", "End of NAMES")
RPL_BANLIST: Final = _row("367", "RPL_BANLIST", "channel mask setter time_s")
RPL_ENDOFBANLIST: Final = _row("368", "RPL_ENDOFBANLIST", "channel", "End of list")
RPL_ENDOFWHOWAS: Final = _row("369", "RPL_ENDOFWHOWAS", "target", "End of WHOWAS")
RPL_INFO: Final = _row("371", "RPL_INFO", "line")
RPL_MOTD: Final = _row("372", "RPL_MOTD", "line")
RPL_ENDOFINFO: Final = _row("374", "RPL_ENDOFINFO", "", "End of INFO")
RPL_MOTDSTART: Final = _row("375", "RPL_MOTDSTART", "", "- {server} message of the day -")
RPL_ENDOFMOTD: Final = _row("376", "RPL_ENDOFMOTD", "", "End of message of the day")
RPL_YOUREOPER: Final = _row("381", "RPL_YOUREOPER", "", "You are an operator of this server now")
RPL_REHASHING: Final = _row("382", "RPL_REHASHING", "file", "The settings are read again")
RPL_TIME: Final = _row("391", "RPL_TIME", "server time")
RPL_WHOISSECURE: Final = _row("671", "RPL_WHOISSECURE", "target", "is using a secure connection")
RPL_HELPSTART: Final = _row("704", "RPL_HELPSTART", "subject line")
RPL_HELPTXT: Final = _row("705", "RPL_HELPTXT", "subject line")
RPL_ENDOFHELP: Final = _row("706", "RPL_ENDOFHELP", "subject", "End of help")
RPL_WHOISKEYVALUE: Final = _row("760", "RPL_WHOISKEYVALUE", "target key visibility value")
RPL_KEYVALUE: Final = _row("761", "RPL_KEYVALUE", "target key visibility value")
RPL_KEYNOTSET: Final = _row("766", "RPL_KEYNOTSET", "target key", "This is not set")
RPL_METADATASUBOK: Final = _row("770", "RPL_METADATASUBOK", "key")
RPL_METADATAUNSUBOK: Final = _row("771", "RPL_METADATAUNSUBOK", "key")
RPL_METADATASUBS: Final = _row("772", "RPL_METADATASUBS", "key")
RPL_METADATASYNCLATER: Final = _row("774", "RPL_METADATASYNCLATER", "target")

ERR_NOSUCHNICK: Final = _row("401", "ERR_NOSUCHNICK", "target", "There is nobody called {target}")
ERR_NOSUCHSERVER: Final = _row(
    "402", "ERR_NOSUCHSERVER", "server", "There is no such server; this one is {here}"
)
ERR_NOSUCHCHANNEL: Final = _row(
    "403", "ERR_NOSUCHCHANNEL", "channel", "There is no such room{hint}"
)
ERR_CANNOTSENDTOCHAN: Final = _row(
    "404",
    "ERR_CANNOTSENDTOCHAN",
    "channel",
    "Your message was not sent: you are not in this room, or it lets only some people speak",
)
ERR_TOOMANYCHANNELS: Final = _row(
    "405", "ERR_TOOMANYCHANNELS", "channel", "You are in as many rooms as one may be; leave one"
)
ERR_WASNOSUCHNICK: Final = _row(
    "406", "ERR_WASNOSUCHNICK", "target", "Nobody called {target} was here lately"
)
ERR_TOOMANYTARGETS: Final = _row(
    "407", "ERR_TOOMANYTARGETS", "target", "Too many targets in one command"
)
ERR_NOORIGIN: Final = _row("409", "ERR_NOORIGIN", "", "No token was given")
ERR_INVALIDCAPCMD: Final = _row("410", "ERR_INVALIDCAPCMD", "subcommand", "No such CAP subcommand")
ERR_NORECIPIENT: Final = _row("411", "ERR_NORECIPIENT", "", "No recipient was given ({command})")
ERR_NOTEXTTOSEND: Final = _row("412", "ERR_NOTEXTTOSEND", "", "There is no text to send")
ERR_INPUTTOOLONG: Final = _row("417", "ERR_INPUTTOOLONG", "", "The line is too long")
ERR_UNKNOWNCOMMAND: Final = _row("421", "ERR_UNKNOWNCOMMAND", "command", "Unknown command")
ERR_NOMOTD: Final = _row("422", "ERR_NOMOTD", "", "There is no message of the day")
ERR_NOADMININFO: Final = _row(
    "423", "ERR_NOADMININFO", "server", "Who runs this server was not written down"
)
ERR_NONICKNAMEGIVEN: Final = _row("431", "ERR_NONICKNAMEGIVEN", "", "No nick was given")
ERR_ERRONEUSNICKNAME: Final = _row(
    "432",
    "ERR_ERRONEUSNICKNAME",
    "nick",
    "Not a valid nick: use letters, digits and -_[]{{}}\\|^`, and begin with a letter",
)
ERR_NICKNAMEINUSE: Final = _row("433", "ERR_NICKNAMEINUSE", "nick", "This nick is in use{hint}")
ERR_USERNOTINCHANNEL: Final = _row(
    "441", "ERR_USERNOTINCHANNEL", "target channel", "They are not in that room"
)
ERR_NOTONCHANNEL: Final = _row("442", "ERR_NOTONCHANNEL", "channel", "You are not in that room")
ERR_USERONCHANNEL: Final = _row(
    "443", "ERR_USERONCHANNEL", "target channel", "They are in that room already"
)
ERR_NOTREGISTERED: Final = _row("451", "ERR_NOTREGISTERED", "", "Give a name first: NICK and USER")
ERR_NEEDMOREPARAMS: Final = _row(
    "461", "ERR_NEEDMOREPARAMS", "command", "Something is missing; usage: {usage}"
)
ERR_ALREADYREGISTERED: Final = _row(
    "462", "ERR_ALREADYREGISTERED", "", "You are registered already"
)
ERR_PASSWDMISMATCH: Final = _row(
    "464", "ERR_PASSWDMISMATCH", "", "The password is missing or wrong"
)
ERR_YOUREBANNEDCREEP: Final = _row("465", "ERR_YOUREBANNEDCREEP", "", "{why}")
ERR_LINKCHANNEL: Final = _row(
    "470", "ERR_LINKCHANNEL", "channel forward", "You may not enter, and are led on to {forward}"
)
ERR_CHANNELISFULL: Final = _row("471", "ERR_CHANNELISFULL", "channel", "The room is full")
ERR_UNKNOWNMODE: Final = _row("472", "ERR_UNKNOWNMODE", "letter", "There is no such mode")
ERR_INVITEONLYCHAN: Final = _row(
    "473", "ERR_INVITEONLYCHAN", "channel", "One enters this room by invitation only"
)
ERR_BANNEDFROMCHAN: Final = _row(
    "474", "ERR_BANNEDFROMCHAN", "channel", "You are banned from this room"
)
ERR_BADCHANNELKEY: Final = _row(
    "475", "ERR_BADCHANNELKEY", "channel", "The room's key is missing or wrong: JOIN room key"
)
ERR_BADCHANMASK: Final = _row("476", "ERR_BADCHANMASK", "channel", "Not a valid room name")
ERR_NEEDREGGEDNICK: Final = _row(
    "477", "ERR_NEEDREGGEDNICK", "channel", "Only people with an account may do this here"
)
ERR_BANLISTFULL: Final = _row(
    "478", "ERR_BANLISTFULL", "channel letter", "The list is full: take something off it first"
)
ERR_NOPRIVILEGES: Final = _row(
    "481", "ERR_NOPRIVILEGES", "", "Only operators of the server may do this: OPER name password"
)
ERR_CHANOPRIVSNEEDED: Final = _row(
    "482", "ERR_CHANOPRIVSNEEDED", "channel", "Only the room's owner and operators may do this"
)
ERR_NOOPERHOST: Final = _row(
    "491", "ERR_NOOPERHOST", "", "This server has no operators; its settings name them"
)
ERR_UMODEUNKNOWNFLAG: Final = _row("501", "ERR_UMODEUNKNOWNFLAG", "", "There is no such user mode")
ERR_USERSDONTMATCH: Final = _row(
    "502", "ERR_USERSDONTMATCH", "", "One sees and changes one's own modes only"
)
ERR_HELPNOTFOUND: Final = _row(
    "524", "ERR_HELPNOTFOUND", "subject", "There is no help on this; HELP lists the words"
)
ERR_CANTSENDTOUSER: Final = _row(
    "531",
    "ERR_CANTSENDTOUSER",
    "target",
    "{target} takes no messages of this kind, or none from you",
)
ERR_CANNOTSENDRP: Final = _row(
    "573", "ERR_CANNOTSENDRP", "channel", "Characters do not speak in this room: {why}"
)
ERR_INVALIDMODEPARAM: Final = _row(
    "696", "ERR_INVALIDMODEPARAM", "target letter parameter", "Not a value for this mode: {why}"
)
RPL_MONONLINE: Final = _row("730", "RPL_MONONLINE", "targets")
RPL_MONOFFLINE: Final = _row("731", "RPL_MONOFFLINE", "targets")
RPL_MONLIST: Final = _row("732", "RPL_MONLIST", "targets")
RPL_ENDOFMONLIST: Final = _row("733", "RPL_ENDOFMONLIST", "", "End of MONITOR list")
ERR_MONLISTFULL: Final = _row(
    "734", "ERR_MONLISTFULL", "limit targets", "You watch as many people as one may; drop some"
)

RPL_LOGGEDIN: Final = _row(
    "900", "RPL_LOGGEDIN", "source account", "You are now logged in as {account}"
)
RPL_LOGGEDOUT: Final = _row("901", "RPL_LOGGEDOUT", "source", "You are now logged out")
ERR_NICKLOCKED: Final = _row(
    "902", "ERR_NICKLOCKED", "", "This account is suspended; ask the people who run this server"
)
RPL_SASLSUCCESS: Final = _row("903", "RPL_SASLSUCCESS", "", "SASL authentication successful")
ERR_SASLFAIL: Final = _row("904", "ERR_SASLFAIL", "", "SASL authentication failed{hint}")
ERR_SASLTOOLONG: Final = _row("905", "ERR_SASLTOOLONG", "", "SASL message too long")
ERR_SASLABORTED: Final = _row("906", "ERR_SASLABORTED", "", "SASL authentication aborted")
ERR_SASLALREADY: Final = _row(
    "907", "ERR_SASLALREADY", "", "Other devices are logged in here too: connect anew to change"
)
RPL_SASLMECHS: Final = _row("908", "RPL_SASLMECHS", "mechanisms", "are available SASL mechanisms")
