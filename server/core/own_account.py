"""What someone does with the own account: its devices, its password, its end.

NickServ and the command ACCOUNT are faces of these functions; refusals are `Failed`.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

from server.core.accounts import (
    change_password,
    check_password,
    delete,
    own_account,
    sessions_of,
)
from server.core.dispatch import Failed, Request
from server.core.erasing import begin_account
from server.core.session import Session
from server.storage.ports import AccountRecord

CODE_CHARACTERS: Final = 6
ALL: Final = "ALL"

OF_DELETING: Final = (
    "This deletes your account for good. What you have written stays, under your name; "
    "your rooms lose their owner. Others may then take the name"
)

OF_ERASING: Final = (
    "This deletes your account for good, with everything that you have written and done here: only "
    "the places are left. Backups made before are not changed. You are logged out everywhere"
)


class Device(NamedTuple):
    """A connection that is logged in to the account. `here` is the one that asks."""

    number: int
    session: Session
    since_ms: int
    here: bool


def devices(request: Request) -> list[Device]:
    """The connections of the asker's account, the oldest first; they are numbered from 1."""
    world, found = request.world, []
    sessions = sessions_of(world, own_account(request).id)
    for number, session in enumerate(sessions, start=1):
        since_ms = world.wall_ms - round((world.now - session.connected_at) * 1000)
        found.append(Device(number, session, since_ms, session is request.session))
    return found


def log_out_devices(request: Request, which: str) -> int:
    """End another connection, by its number, or all others; how many those were."""
    chosen = [
        device.session
        for device in devices(request)
        if not device.here and which.upper() in (ALL, str(device.number))
    ]
    if not chosen:
        raise Failed("NO_SUCH_SESSION", "There is no such other device", which[:20] or "*")
    for session in chosen:
        request.world.end_session(session, "Logged out from another device")
    return len(chosen)


def replace_password(request: Request, current: str, new: str, done: Callable[[], None]) -> None:
    """Change the password of who asks, who has to know the one they have."""

    def change(account: AccountRecord) -> None:
        change_password(request, account, new, done)

    check_password(request, own_account(request).name, current, change)


def delete_own(request: Request, code: str) -> str:
    """Delete the asker's account, once they have said so twice.

    The code to say it with, where it was not the right one; else ``""``.
    """
    return _confirmed(request, code, lambda account: delete(request.world, account))


def erase_own(request: Request, code: str) -> str:
    """The same, with everything that the account wrote and did; it ends the connection."""
    return _confirmed(request, code, lambda account: begin_account(request.world, account))


def _confirmed(request: Request, code: str, do: Callable[[AccountRecord], object]) -> str:
    session, account = request.session, own_account(request)
    if session.confirmation and code == session.confirmation:
        session.confirmation = ""
        do(account)
        return ""
    session.confirmation = request.world.new_token()[:CODE_CHARACTERS]
    return session.confirmation
