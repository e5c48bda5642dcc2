"""JSON Lines: what `chat-server export` writes and `chat-server import` takes back.

The first line says what the file is. Then each log begins with a line that has ``log``, its name,
and its entries follow in their order. Times are in the form of server-time. `docs/protocol.md`
shows every field.
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final, TextIO

from common.msgid import decode_msgid, number_at
from common.text import holds_half_characters
from common.wire import BODY_BYTES_MAX, encode
from server.core.delivery import COMMANDS_OF_KINDS
from server.core.multiline import split_lines
from server.core.world import read_utc, utc_text
from server.exchange.model import LONGEST_ROOM, CannotImportError, Entry, Log, check_line
from server.storage.ports import Event, Kind

FORMAT: Final = "chat-server export"
VERSION: Final = 1

_TEXTS_OF_LOGS: Final = ("modes", "owner", "topic", "topic_source", "retention")
_TEXTS: Final = ("source", "text", "tags", "account", "target")


def write_logs(file: TextIO, of: dict[str, Any], logs: Iterable[Log]) -> int:
    """Write logs; `of` says of what they are an export. Returns how many entries there were."""
    count = 0
    _write(file, {"format": FORMAT, "version": VERSION, **of})
    for log in logs:
        head: dict[str, Any] = {"log": log.name, "created": utc_text(log.created_ms)}
        head |= {name: getattr(log, name) for name in _TEXTS_OF_LOGS if getattr(log, name)}
        if log.topic_ms:
            head["topic_time"] = utc_text(log.topic_ms)
        if log.between:
            head["between"] = list(log.between)
        _write(file, head)
        for entry in log.entries:
            count += 1
            _write(file, _to_json(entry))
    return count


def _write(file: TextIO, values: dict[str, Any]) -> None:
    file.write(json.dumps(values, ensure_ascii=False, separators=(",", ":")) + "\n")


def _to_json(entry: Entry) -> dict[str, Any]:
    event = entry.event
    values: dict[str, Any] = {
        "kind": event.kind.name,
        "time": utc_text(event.wall_ms),
        "number": number_at(event.position),
        "msgid": event.msgid,
    }
    values |= {name: getattr(event, name) for name in _TEXTS if getattr(event, name)}
    if event.refers:
        values["refers"] = Event(
            event.channel_id, Kind.EMPTY, "", "", 0, position=event.refers
        ).msgid
    if entry.replaced is not None:
        values |= {"replaced": entry.replaced, "replaced_time": utc_text(entry.replaced_ms)}
    return values


def read_logs(path: Path) -> Iterator[Log]:
    """The logs of a file; each is to be read to its end before the next is taken.

    Raises `CannotImportError` with the number of a line that is none of ours.
    """
    with path.open(encoding="utf-8", errors="strict") as file:
        lines = _lines(file, str(path))
        first = next(lines, (0, {}))[1]
        if first.get("format") != FORMAT or first.get("version") != VERSION:
            raise CannotImportError(f"{path} is no {FORMAT} of version {VERSION}")
        head = next((line for line in lines if "account_name" not in line[1]), None)
        while head is not None:
            rest: list[tuple[int, dict[str, Any]]] = []
            log = _log(*head, str(path))
            log.entries = _entries_until(lines, rest, str(path))
            yield log
            for _ in log.entries:
                pass
            head = rest[0] if rest else None


def _lines(file: TextIO, origin: str) -> Iterator[tuple[int, dict[str, Any]]]:
    number = 0
    try:
        for number, line in enumerate(file, start=1):
            if line.strip():
                values = json.loads(line)
                if not isinstance(values, dict):
                    raise CannotImportError(f"{origin}, line {number}: this is no JSON object")
                yield number, values
    except UnicodeDecodeError:
        raise CannotImportError(f"{origin}, behind line {number}: this is not UTF-8") from None
    except (ValueError, RecursionError) as error:
        raise CannotImportError(f"{origin}, line {number}: this is no JSON: {error}") from None


def _log(number: int, values: dict[str, Any], origin: str) -> Log:
    try:
        log = Log(_text(values, "log"), iter(()), origin, read_utc(_text(values, "created")))
        for name in _TEXTS_OF_LOGS:
            setattr(log, name, _text(values, name, ""))
        log.topic_ms = read_utc(_text(values, "topic_time")) if "topic_time" in values else 0
        if "between" in values:
            first, second = (_text({"between": each}, "between") for each in values["between"])
            log.between = (first, second)
    except (ValueError, TypeError) as error:
        raise CannotImportError(f"{origin}, line {number}: {error}") from None
    return log


def _entries_until(
    lines: Iterator[tuple[int, dict[str, Any]]],
    rest: list[tuple[int, dict[str, Any]]],
    origin: str,
) -> Iterator[Entry]:
    """The entries up to the next log, whose first line goes to `rest`."""
    for number, values in lines:
        if "log" in values:
            rest.append((number, values))
            return
        try:
            yield _from_json(values)
        except (ValueError, TypeError) as error:
            raise CannotImportError(f"{origin}, line {number}: {error}") from None


def _from_json(values: dict[str, Any]) -> Entry:
    kind = Kind.__members__.get(_text(values, "kind"))
    if kind is None or kind is Kind.CLOSE:
        raise ValueError(f'"{values["kind"]}" is no kind of event')
    log_id, position = _place(_text(values, "msgid"))
    event = Event(log_id, kind, "", "", read_utc(_text(values, "time")), position=position)
    for name in _TEXTS:
        setattr(event, name, _text(values, name, ""))
    if "refers" in values:
        event.refers = _place(_text(values, "refers"))[1]
    _check(event)
    if "replaced" not in values:
        return Entry(event)
    return Entry(event, _text(values, "replaced"), read_utc(_text(values, "replaced_time")))


def _place(msgid: str) -> tuple[int, int]:
    found = decode_msgid(msgid)
    if found is None:
        raise ValueError(f'"{msgid[:40]}" is no msgid')
    return found


def _text(values: dict[str, Any], name: str, missing: str | None = None) -> str:
    value = values.get(name, missing)
    if not isinstance(value, str):
        raise ValueError(f"{name} is missing, or no text")
    if holds_half_characters(value):
        raise ValueError(f"{name} holds half a character")
    return value


def _check(event: Event) -> None:
    """Raise `ValueError` where a line could not hold the event."""
    if any(sign in value for sign in "\0\r\n " for value in (event.source, event.target)):
        raise ValueError("source and target cannot hold spaces or ends of lines")
    if any(sign in event.tags for sign in "\0\r\n "):
        raise ValueError("tags cannot hold spaces or ends of lines")
    if event.kind not in COMMANDS_OF_KINDS:
        return
    if not event.source:
        raise ValueError("source is missing")
    check_line(event)
    command, room = COMMANDS_OF_KINDS[event.kind], event.target or LONGEST_ROOM
    for line in split_lines(event.text):
        if len(encode(command, [room, line.text], event.source)) > BODY_BYTES_MAX:
            raise ValueError("the text is too long for a line")
