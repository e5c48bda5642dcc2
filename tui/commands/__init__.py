"""What a person can do: the table, filled here from its area modules, in the order shown.

The five words of the original program come first.
"""

from tui.commands import (
    accounts,
    messages,
    moderation,
    notifying,
    people,
    rooms,
    running,
    screen,
    talk,
)
from tui.commands.table import add

for row in (
    *rooms.ROWS_FIRST,
    *screen.ROWS_FIRST,
    *rooms.ROWS,
    *talk.ROWS,
    *messages.ROWS,
    *people.ROWS,
    *notifying.ROWS,
    *moderation.ROWS,
    *running.ROWS,
    *accounts.ROWS,
    *screen.ROWS,
):
    add(row)
