"""Commands on the screen itself: help, quit, moving about, panels.

The screen performs them, by the name in `screen_action`; nothing here knows how.
"""

from tui.commands.parse import Refused, find_command
from tui.commands.table import Argument, ArgumentKind, Command, CommandRefused, Context, Where
from tui.preferences import PreferenceError, read_word, row_of, wanted, word_of

ROOM_NUMBERS_MAX = 9
"""Rooms that have a number: as many as there are digits to press."""


def _help(context: Context, arguments: list[str]) -> None:
    if not arguments:
        context.screen.perform("help")
        return
    offered = context.client.state.offered
    found = find_command(arguments[0].removeprefix("/"), Where.ANYWHERE, offered)
    if isinstance(found, Refused):
        raise CommandRefused(found.text)
    context.screen.tell(f"/{found.usage}: {found.summary}.")


def _connect(context: Context, arguments: list[str]) -> None:
    context.screen.connect(arguments[0] if arguments else "")


def _room(context: Context, arguments: list[str]) -> None:
    number = arguments[0]
    if number not in map(str, range(1, ROOM_NUMBERS_MAX + 1)):
        raise CommandRefused(f"Write a number from 1 to {ROOM_NUMBERS_MAX}: /room 2")
    context.screen.perform(f"room_{number}")


def _search(context: Context, arguments: list[str]) -> None:
    context.screen.perform(" ".join(["find", *arguments]))


def _set(context: Context, arguments: list[str]) -> None:
    if not arguments:
        context.screen.perform("preferences")
        return
    name, *words = arguments
    try:
        value = read_word(name, " ".join(words)) if words else None
        row = row_of(name)
    except PreferenceError as error:
        raise CommandRefused(str(error)) from None
    if value is None:
        context.screen.tell(f"{name}: {row.metadata['text']} ({wanted(row)})")
    else:
        context.screen.prefer(name, value)
        context.screen.tell(f"{name} is {word_of(value)} now.")


def _action(
    name: str,
    summary: str,
    screen_action: str,
    *keys: str,
    group: str = "Moving",
    footer: str = "",
    slash: bool = True,
) -> Command:
    return Command(
        name,
        summary,
        group,
        screen_action=screen_action,
        keys=keys,
        footer=footer,
        slash=slash,
    )


ROWS_FIRST = (
    Command(
        "help",
        "Show what can be done here, or what one command does",
        "Program",
        arguments=(Argument("command", ArgumentKind.COMMAND, required=False),),
        handler=_help,
        keys=("f1",),
        footer="Help",
    ),
    Command(
        "quit", "End the program", "Program", screen_action="quit", keys=("ctrl+q",), footer=""
    ),
)
"""The screen's share of the five words: they open the table."""

ROWS = (
    _action(
        "go",
        "Go to a room or person by a few letters",
        "go_to_room",
        "ctrl+k",
        "alt+k",
        footer="Go to",
    ),
    _action("lobby", "Go to the lobby, where the rooms are listed", "lobby", "f7", "alt+0"),
    Command(
        "room",
        "Go to a room by its place in the list; Alt+1 to Alt+9 do the same",
        "Moving",
        arguments=(Argument("number", ArgumentKind.WORD),),
        handler=_room,
        palette=False,
    ),
    *(
        Command(
            f"room-{number}",
            f"Go to room {number} of the list",
            "Moving",
            screen_action=f"room_{number}",
            keys=(f"alt+{number}",),
            palette=False,
            slash=False,
            help=False,
        )
        for number in range(1, ROOM_NUMBERS_MAX + 1)
    ),
    _action(
        "archive",
        "Say what is kept on this machine of what was said here, and remove it if you like",
        "archive",
        group="Screen",
    ),
    _action("status", "Show all that the server said; /lobby leads back", "status", group="Screen"),
    _action("next-room", "Go to the next room", "next_room", "alt+down", "ctrl+down", "f6"),
    _action("previous-room", "Go to the room before", "previous_room", "alt+up", "ctrl+up", "f5"),
    _action(
        "next-unread",
        "Go to the next unread room",
        "next_unread",
        "f4",
        "alt+a",
        "alt+shift+down",
        footer="Unread",
    ),
    _action("unread", "List the rooms with something unread", "unread_rooms"),
    Command(
        "search",
        "Find messages here or in all rooms, by words and filters",
        "Moving",
        arguments=(Argument("text", ArgumentKind.TEXT, required=False),),
        aliases=("find",),
        handler=_search,
        keys=("ctrl+f",),
        footer="Find",
    ),
    _action("mentions", "List where you were named", "mentions"),
    _action("previous-mention", "Go to the mention before", "previous_mention", "alt+p"),
    _action("next-mention", "Go to the mention after", "next_mention", "alt+n"),
    _action("last-room", "Go back to where you were", "last_room", "alt+z"),
    _action("page-up", "Scroll a page up", "page_up", "pageup", slash=False),
    _action("page-down", "Scroll a page down", "page_down", "pagedown", slash=False),
    _action("bottom", "Go to the newest message", "bottom", "ctrl+end", "alt+end"),
    _action("rooms", "Show or hide the rooms", "toggle_rooms", "f2", group="Screen"),
    _action("members", "Show or hide who is here", "toggle_members", "f3", group="Screen"),
    _action("redraw", "Draw the screen anew", "redraw", "ctrl+l", group="Screen"),
    _action(
        "new-line",
        "Begin a new line in the message",
        "new_line",
        "ctrl+j",
        "shift+enter",
        "alt+enter",
        group="Writing",
        footer="Line",
        slash=False,
    ),
    _action(
        "history",
        "Find what you wrote before",
        "find_earlier",
        "ctrl+r",
        group="Writing",
    ),
    _action(
        "editor",
        "Write on in your own editor: $VISUAL or $EDITOR",
        "editor",
        "ctrl+o",
        group="Writing",
    ),
    Command(
        "connect",
        "Connect to another server, too; alone, ask which",
        "Servers",
        arguments=(Argument("server", ArgumentKind.WORD, required=False),),
        handler=_connect,
    ),
    Command(
        "set",
        "Change what you prefer: all of it, or one thing: /set look.time 12h",
        "Program",
        arguments=(
            Argument("preference", ArgumentKind.PREFERENCE, required=False),
            Argument("value", ArgumentKind.TEXT, required=False),
        ),
        aliases=("preferences", "settings"),
        handler=_set,
        keys=("f9",),
    ),
    _action("keys", "Show which key does what, and change it", "keys", group="Program"),
    _action(
        "reconnect",
        "Connect now instead of waiting",
        "retry_connection",
        "f12",
        "alt+r",
        group="Servers",
    ),
    _action(
        "disconnect",
        "Hang up; once more takes the server off the list",
        "disconnect",
        group="Servers",
    ),
    _action(
        "palette",
        "Find any command",
        "palette",
        "ctrl+p",
        group="Program",
        footer="Palette",
        slash=False,
    ),
)
