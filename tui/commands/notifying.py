"""Commands on what one is told of: of one room or person, or for a while of nothing."""

from typing import Final

from tui.client.state import STATUS, Attention
from tui.commands.table import Argument, ArgumentKind, Command, CommandRefused, Context, Where

GROUP: Final = "Being told"
AS_USUAL: Final = "default"
CHOICES: Final = (*(attention.value for attention in Attention), AS_USUAL)
DURATIONS: Final = ("30m", "2h", "1d", "off")

_TOLD: Final = {
    Attention.ALL: "You are told of everything in {title}.",
    Attention.MENTIONS: "Of {title} you are told what is meant for you.",
    Attention.NOTHING: "{title} is muted: it counts and tells nothing. /unmute undoes it.",
    None: "Of {title} you are told as usual: F9 says of what, under notify.about.",
}


def _target(context: Context, arguments: list[str]) -> str:
    return context.client.conversation(arguments[0]) if arguments else context.buffer


def _title(context: Context, key: str) -> str:
    buffer = context.client.state.buffers.get(key)
    return buffer.title if buffer is not None else key


def _attend(context: Context, key: str, attention: Attention | None) -> None:
    context.client.attend(key, attention)
    context.screen.tell(_TOLD[attention].format(title=_title(context, key)))


def _mute(context: Context, arguments: list[str]) -> None:
    if arguments or context.buffer != STATUS:
        _attend(context, _target(context, arguments), Attention.NOTHING)
        return
    state = context.client.state
    muted = [_title(context, key) for key in state.attention if state.is_muted(key)]
    names = ", ".join(sorted(muted))
    context.screen.tell(f"Muted: {names}." if muted else "Nothing is muted. /mute name mutes it.")


def _unmute(context: Context, arguments: list[str]) -> None:
    key = _target(context, arguments)
    if not context.client.state.is_muted(key):
        raise CommandRefused(f"{_title(context, key) if key else 'The lobby'} is not muted.")
    _attend(context, key, None)


def _notify(context: Context, arguments: list[str]) -> None:
    state, key = context.client.state, _target(context, arguments[1:])
    if not arguments:
        told = _TOLD[state.attention.get(key)].format(title=_title(context, key))
        context.screen.tell(f"{told} /notify {'|'.join(CHOICES)} changes it.")
        return
    word = arguments[0].lower()
    if word not in CHOICES:
        raise CommandRefused(f"Write /notify {', '.join(CHOICES[:-1])} or {CHOICES[-1]}.")
    _attend(context, key, None if word == AS_USUAL else Attention(word))


def _do_not_disturb(context: Context, arguments: list[str]) -> None:
    context.screen.keep_quiet(*arguments)


_CONVERSATION: Final = Argument("name", ArgumentKind.ROOM | ArgumentKind.PERSON, required=False)

ROWS = (
    Command(
        "menu",
        "Choose what to do with this room or person; in the list, the right button does",
        GROUP,
        where=Where.ROOM | Where.DIRECT,
        screen_action="room_menu",
    ),
    Command(
        "mute",
        "Hear nothing of here, or of who is named; it counts, dimly",
        GROUP,
        arguments=(_CONVERSATION,),
        handler=_mute,
    ),
    Command(
        "unmute",
        "Hear of here, or of who is named, as of any other",
        GROUP,
        arguments=(_CONVERSATION,),
        handler=_unmute,
    ),
    Command(
        "notify",
        "Choose what to tell of here: all, mentions or nothing",
        GROUP,
        arguments=(
            Argument("about", ArgumentKind.WORD, required=False, words=CHOICES),
            _CONVERSATION,
        ),
        handler=_notify,
    ),
    Command(
        "dnd",
        "Do not disturb: for 30m, 2h or 1d, or until it is said again",
        GROUP,
        arguments=(Argument("how-long", ArgumentKind.WORD, required=False, words=DURATIONS),),
        aliases=("quiet",),
        handler=_do_not_disturb,
    ),
)
