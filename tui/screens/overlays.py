"""What lies over the frame hears of what happens, too; some of it opens by what happens."""

from collections.abc import Sequence
from typing import Any

from textual.app import App

from tui.client.state import State
from tui.client.updates import InvitationMade, SearchChanged, Update
from tui.screens.card import Card
from tui.screens.find import FindScreen, Mentions
from tui.screens.invitation import InvitationScreen
from tui.screens.room_settings import RoomSettings


def hand_on(app: App[Any], state: State, updates: Sequence[Update]) -> None:
    """Tell the screens over the frame, which shows `state`, what changed."""
    found = any(isinstance(update, SearchChanged) for update in updates)
    for screen in app.screen_stack:
        if isinstance(screen, Card | RoomSettings):
            screen.take(updates)
        elif found and isinstance(screen, FindScreen | Mentions) and screen.ready:
            screen.update_found()
    for update in updates:
        if isinstance(update, InvitationMade):
            app.push_screen(InvitationScreen(state.server, update))
