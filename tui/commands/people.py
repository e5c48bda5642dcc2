"""Commands on people: who they are, being away, whom not to read."""

from tui.commands.table import Argument, ArgumentKind, Command, CommandRefused, Context

_PERSON = Argument("nick", ArgumentKind.PERSON)


def _whois(context: Context, arguments: list[str]) -> None:
    context.client.whois(arguments[0])


def _who(context: Context, arguments: list[str]) -> None:
    context.client.who(arguments[0])


def _away(context: Context, arguments: list[str]) -> None:
    context.client.away(*arguments)


def _back(context: Context, _: list[str]) -> None:
    context.client.back()


def _ignore(context: Context, arguments: list[str]) -> None:
    if arguments:
        context.client.ignore(arguments[0])
        context.screen.tell(f"You read nothing of {arguments[0]} any more. /unignore undoes it.")
        return
    nicks = ", ".join(sorted(context.client.state.ignored.values()))
    context.screen.tell(f"You ignore {nicks}." if nicks else "You ignore nobody.")


def _unignore(context: Context, arguments: list[str]) -> None:
    context.client.unignore(arguments[0])
    context.screen.tell(f"You read {arguments[0]} again.")


def _card(context: Context, arguments: list[str]) -> None:
    context.screen.perform(" ".join(["card", *arguments]))


ALLOW, HIDE = "allow", "hide"


def _images(context: Context, arguments: list[str]) -> None:
    if not arguments:
        nicks = ", ".join(sorted(context.client.state.pictured.values()))
        whose = f"Pictures of {nicks} are shown." if nicks else "Nobody's pictures are shown."
        context.screen.tell(f"{whose} /images allow nick shows someone's, v one when asked.")
        return
    word, *names = arguments
    if word not in (ALLOW, HIDE) or not names:
        raise CommandRefused(f"Write /images {ALLOW} nick, or /images {HIDE} nick.")
    if word == ALLOW:
        context.client.allow_pictures(names[0])
        context.screen.tell(f"Pictures that {names[0]} links to are shown from now on.")
    else:
        context.client.forbid_pictures(names[0])
        context.screen.tell(f"Pictures of {names[0]} are not fetched any more.")


ROWS = (
    Command(
        "card",
        "Show who someone is and what you may do about them; alone, choose who",
        "People",
        arguments=(Argument("nick", ArgumentKind.PERSON, required=False),),
        handler=_card,
        keys=("f8",),
    ),
    Command("whois", "Say who someone is", "People", arguments=(_PERSON,), handler=_whois),
    Command(
        "who",
        "List people: of a room, or by a nick with *",
        "People",
        arguments=(Argument("name", ArgumentKind.PERSON | ArgumentKind.ROOM),),
        handler=_who,
    ),
    Command(
        "away",
        "Be shown as away, with a reason if you like",
        "People",
        arguments=(Argument("reason", ArgumentKind.TEXT, required=False),),
        handler=_away,
    ),
    Command("back", "Be shown as here again", "People", handler=_back),
    Command(
        "ignore",
        "Read nothing of someone; without a nick say whom you ignore",
        "People",
        arguments=(Argument("nick", ArgumentKind.PERSON, required=False),),
        handler=_ignore,
    ),
    Command(
        "images",
        "Show pictures that someone links to, or say whose are shown",
        "People",
        arguments=(
            Argument(f"{ALLOW}|{HIDE}", ArgumentKind.WORD, required=False, words=(ALLOW, HIDE)),
            Argument("nick", ArgumentKind.PERSON, required=False),
        ),
        handler=_images,
    ),
    Command("unignore", "Read someone again", "People", arguments=(_PERSON,), handler=_unignore),
)
