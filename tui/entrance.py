"""The way in: the form, the link it asks for, a server started here, nicks and certificates.

Says what happened where the person is: in the form, or in a dialog over the frame.
"""

from collections.abc import Callable
from typing import Any, Final

from textual.app import App

from tui import local_server
from tui.client.state import Connection, State
from tui.client.updates import CertificateChanged, NickRefused
from tui.config import Launch
from tui.connector import Connector
from tui.render.words import certificate_words
from tui.screens.connect import ConnectScreen
from tui.screens.dialogs import NickQuestion, Question

_ANSWERS: Final = [("stop", "Stop"), ("trust", "Trust new")]


class Entrance:
    """Leads one app onto a server, and back onto it."""

    def __init__(self, app: App[Any], launch: Launch, connector: Connector) -> None:
        self._app = app
        self._launch = launch
        self._connector = connector

    def open(self) -> None:
        """Ask where to connect, or connect at once when the command line said where."""
        launch = self._launch
        server = str(launch.address or launch.remembered.server)
        form = ConnectScreen(server, launch.remembered.nick, launch.complaint, launch.plain)
        self._app.push_screen(form)
        if launch.address is not None:
            self._app.call_after_refresh(form.connect)

    async def connect(self, wanted: ConnectScreen.Wanted) -> None:
        """Connect; where nothing listens on this machine, say so at once."""
        form, address = wanted.form, wanted.address
        await self._connector.disconnect()
        form.connecting(f"Connecting to {address}…")
        if address.is_local and not await local_server.listens(address.host, address.port):
            form.failed(f"Nothing listens on {address}.", offer_server=not address.tls)
            return
        options = self._launch.options(address, wanted.nick, wanted.password)
        self._connector.connect(options, address)

    async def start_server(self, wanted: ConnectScreen.ServerWanted) -> None:
        """Start a server here and connect to it."""
        wanted.form.connecting("Starting a server…")
        try:
            await self._connector.start_server(wanted.address.port)
        except local_server.StartFailed as failure:
            wanted.form.failed(str(failure), offer_server=True)
            return
        options = self._launch.options(wanted.address, wanted.nick, wanted.password)
        self._connector.connect(options, wanted.address)

    def connection_changed(self, state: State) -> None:
        """Tell the form, if it is still there, that the link came to nothing."""
        form = self._form()
        if form is None or state.connection not in (Connection.WAITING, Connection.OFFLINE):
            return
        form.failed(state.reason or "The server closed the connection.", offer_server=False)
        if state.connection is Connection.WAITING:  # nobody waits in front of a form
            self._app.run_worker(self._connector.disconnect())

    def nick_refused(self, update: NickRefused, use: Callable[[str], None]) -> None:
        """Ask for another nick; the frame goes on with `use`."""
        form = self._form()
        if form is not None:
            form.nick_refused(update.reason, update.suggestion)
            self._app.run_worker(self._connector.disconnect())
        elif not isinstance(self._app.screen, NickQuestion):
            question = NickQuestion(update.reason, update.suggestion)
            self._app.push_screen(question, lambda nick: use(nick) if nick else None)

    def certificate_changed(self, change: CertificateChanged) -> None:
        """Ask whether the new certificate is trusted; until then nothing was sent."""

        def take(answer: str | None) -> None:
            if answer == "trust":
                form = self._form()
                if form is not None:
                    form.connecting(f"Connecting to {change.place}…")
                self._connector.accept(change)

        self._app.push_screen(Question(certificate_words(change), _ANSWERS), take)

    def _form(self) -> ConnectScreen | None:
        forms = (each for each in self._app.screen_stack if isinstance(each, ConnectScreen))
        return next(forms, None)
