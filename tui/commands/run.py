"""Doing what was parsed: the one place where a row's handler is called."""

from tui.client.intents import IntentRefused
from tui.commands.parse import Run
from tui.commands.table import CommandRefused, Context


def run(parsed: Run, context: Context) -> None:
    """Carry out a command. Raises `CommandRefused` where it cannot be done."""
    row = parsed.command
    if row.handler is None:
        context.screen.perform(row.screen_action)
        return
    try:
        row.handler(context, list(parsed.arguments))
    except IntentRefused as refusal:
        raise CommandRefused(str(refusal)) from None
