"""The candidates of a completion, between the conversation and the composer."""

from collections.abc import Sequence
from typing import Final

from tui.widgets.composer import Candidate
from tui.widgets.line_list import LineList, ListLine

CANDIDATES_SHOWN_MAX: Final = 40


class Completer(LineList):
    """Posts `LineList.Picked` with the index of a candidate."""

    def update_candidates(
        self, candidates: Sequence[Candidate], chosen: int, usage: str = ""
    ) -> None:
        """Show `candidates` below the `usage` of a command, or nothing when there are neither."""
        head = [ListLine(f" {usage}", look="muted")] if usage else []
        self.set_lines(
            [
                *head,
                *(
                    ListLine(
                        f" {candidate.text.strip()}",
                        key=str(index),
                        bar=index == chosen,
                        detail=candidate.note,
                        detail_at=18,
                    )
                    for index, candidate in enumerate(candidates[:CANDIDATES_SHOWN_MAX])
                ),
            ]
        )
        self.display = bool(candidates or usage)
        if chosen >= 0:
            self.scroll_to(y=max(0, chosen + len(head) - self.size.height + 1), animate=False)
