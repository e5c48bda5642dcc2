"""Commands on one's account. Hidden where the server has none; their lines hold passwords."""

from tui.commands.table import Argument, ArgumentKind, Command, Context

REGISTRATION = "draft/account-registration"


def _register(context: Context, arguments: list[str]) -> None:
    context.client.register(*arguments)


def _verify(context: Context, arguments: list[str]) -> None:
    context.client.verify(arguments[0])


def _login(context: Context, arguments: list[str]) -> None:
    context.client.log_in(*arguments)


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
)
