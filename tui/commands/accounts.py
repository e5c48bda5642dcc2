"""Commands on one's account. Hidden where the server has none; their lines hold passwords."""

from tui.client.login import REGISTRATION
from tui.client.serving import OURS
from tui.commands.table import Argument, ArgumentKind, Command, Context, Handler


def _register(context: Context, arguments: list[str]) -> None:
    context.client.register(*arguments)


def _verify(context: Context, arguments: list[str]) -> None:
    context.client.verify(arguments[0])


def _login(context: Context, arguments: list[str]) -> None:
    context.client.log_in(*arguments)


def _password(context: Context, arguments: list[str]) -> None:
    context.client.change_password(context.buffer, *arguments)


def _order(verb: str, command: str) -> Handler:
    """Sends `ACCOUNT verb` with what was typed behind /`command`."""

    def handler(context: Context, arguments: list[str]) -> None:
        draft = " ".join([f"/{command}", *arguments])
        context.client.order(context.buffer, draft, "ACCOUNT", verb, *arguments)

    return handler


_PASSWORD = Argument("password", ArgumentKind.WORD)

ROWS = (
    Command(
        "register",
        "Make your nick an account, so that it is yours on every device",
        "Account",
        arguments=(_PASSWORD, Argument("email", ArgumentKind.WORD, required=False)),
        handler=_register,
        needs=REGISTRATION,
        secret=True,
    ),
    Command(
        "verify",
        "Complete /register by the code the server sent",
        "Account",
        arguments=(Argument("code", ArgumentKind.WORD),),
        handler=_verify,
        needs=REGISTRATION,
    ),
    Command(
        "login",
        "Log in to your account",
        "Account",
        arguments=(Argument("account", ArgumentKind.WORD), _PASSWORD),
        handler=_login,
        needs="sasl",
        secret=True,
    ),
    Command(
        "password",
        "Change the password of your account",
        "Account",
        arguments=(
            Argument("current-password", ArgumentKind.WORD),
            Argument("new-password", ArgumentKind.WORD),
        ),
        handler=_password,
        needs=OURS,
        secret=True,
    ),
    Command(
        "devices",
        "Say where you are logged in to your account",
        "Account",
        handler=_order("DEVICES", "devices"),
        needs=OURS,
    ),
    Command(
        "logout",
        "Log out another device, by its number in /devices, or all of them",
        "Account",
        arguments=(Argument("number|all", ArgumentKind.WORD),),
        handler=_order("LOGOUT", "logout"),
        needs=OURS,
    ),
    Command(
        "always-on",
        "Stay present without a connection, or not: on or off",
        "Account",
        arguments=(Argument("on|off", ArgumentKind.WORD),),
        handler=_order("ALWAYS-ON", "always-on"),
        needs=OURS,
    ),
    Command(
        "delete-account",
        "Delete your account; asks for a code first, and says what is kept",
        "Account",
        arguments=(Argument("code", ArgumentKind.WORD, required=False),),
        handler=_order("DELETE", "delete-account"),
        needs=OURS,
    ),
)
