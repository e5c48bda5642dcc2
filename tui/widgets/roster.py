"""Who is in the room, by role, at the right or as an overlay."""

from collections.abc import Iterable

from tui.client.state import Member
from tui.render.nick_color import nick_style
from tui.render.sides import MEMBERS_SHOWN_MAX, member_groups
from tui.widgets.line_list import LineList, ListLine


class Roster(LineList):
    """Posts `LineList.Picked` with a nick. `-filled` while there is anyone.

    The class is the roster's own: on the screen it would have every widget styled anew.
    """

    def update_members(self, members: Iterable[Member], dark: bool) -> None:
        """Show `members`; their colours are those of the timeline."""
        lines: list[ListLine] = []
        for group in member_groups(members):
            if lines:
                lines.append(ListLine(""))
            lines.append(ListLine(group.heading, look="heading"))
            lines += [_member_line(member, dark) for member in group.members]
        if len(lines) > MEMBERS_SHOWN_MAX:
            rest = len(lines) - MEMBERS_SHOWN_MAX
            lines = [*lines[:MEMBERS_SHOWN_MAX], ListLine(f"and {rest} more", look="muted")]
        self.set_class(bool(lines), "-filled")
        self.set_lines(lines)


def _member_line(member: Member, dark: bool) -> ListLine:
    if member.away:
        return ListLine(f" {member.nick}", key=member.nick, look="muted")
    return ListLine(f" {member.nick}", key=member.nick, left_style=nick_style(member.nick, dark))
