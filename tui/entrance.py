"""The way in: the form, the link it asks for, a server started here, nicks and certificates.

Says what happened where the person is: in the form, or in a dialog over the frame.
"""

from typing import Any, Final

from textual.app import App

from tui import local_server
from tui.address import Address, AddressInvalid, read_address
from tui.client.client import Client, IntentRefused
from tui.client.state import Connection, State
from tui.client.updates import CertificateChanged, NickRefused
from tui.commands.table import CommandRefused
from tui.config import Launch
from tui.connector import Connector
from tui.identity import IdentityUnusable, find_password, keep_password
from tui.render.sides import Spot
from tui.render.words import certificate_words
from tui.screens.connect import ConnectScreen, Way, read_room
from tui.screens.dialogs import NickQuestion, PasswordQuestion, Question
from tui.servers import Servers

_ANSWERS: Final = [("stop", "Stop"), ("trust", "Trust new")]


class Entrance:
    """Leads one app onto servers, and back onto them."""

    def __init__(self, app: App[Any], launch: Launch, servers: Servers) -> None:
        self._app = app
        self._launch = launch
        self._servers = servers
        self._tried = ""  # the server that the form stands for
        self._password = ""  # as it was typed there
        self._wanted: ConnectScreen.Wanted | ConnectScreen.ServerWanted | None = None

    def open(self) -> bool:
        """Go to where one was last time, or ask where to; whether nothing had to be asked.

        What is kept of it is there then, and `link_up` connects. The command line may have said
        where to connect at once.
        """
        launch = self._launch
        complaint = launch.complaint
        try:
            if self._reopen():
                return True
        except IdentityUnusable as error:
            complaint = str(error)
        server = str(launch.address or launch.remembered.server)
        self._ask(server, complaint, at_once=launch.address is not None)
        return False

    def _reopen(self) -> bool:
        """Put the servers of last time on the list, or the one of them that was asked for.

        Raises `IdentityUnusable`.
        """
        launch, remembered = self._launch, self._launch.remembered
        names, last = remembered.open_servers, remembered.server
        if launch.address is not None:
            last = str(launch.address)
            names = [last] if last in names else []
        try:
            addresses = [read_address(name, launch.plain) for name in names]
        except AddressInvalid:  # plain text was accepted last time, and is not today
            return False
        for name, address in zip(names, addresses, strict=True):
            asked = address == launch.address
            nick = remembered.nick if asked else remembered.servers[name].nick
            options = launch.options(address, nick, "")
            self._servers.add(options, address, launch.identity_of(address))
        if names:
            last = last if last in names else names[0]
            remembered.server = last
            self._servers.activate(self.first_spot(last))
        return bool(names)

    def first_spot(self, server: str) -> Spot:
        """Where to begin on a server: where one was, if that is kept."""
        spot = Spot(server, self._launch.shown_first(server))
        connector = self._servers.find(server)
        is_there = connector is not None and spot.buffer in connector.client.state.buffers
        return spot if is_there else Spot(server)

    def link_up(self) -> None:
        """Connect to the servers on the list, asking for passwords where there is none."""
        for client in self._servers.clients:
            self.reconnect(client)

    def reconnect(self, client: Client) -> None:
        """Connect now; a password that is needed is looked for first."""
        connector = self._servers.find(client.state.server)
        if connector is None:
            return
        if client.needs_password:
            self._app.run_worker(self._unlock(connector), group=connector.name, exclusive=True)
        else:
            connector.connect()

    async def _unlock(self, connector: Connector) -> None:
        """Find the password, or ask for it, and connect; without it one stays off line."""
        client, complaint = connector.client, ""
        identity = self._launch.identity_of(connector.address)
        try:
            refused = client.password_refused  # what is found would be the same
            password = "" if refused else await find_password(connector.name, identity)
        except IdentityUnusable as error:
            password, complaint = "", f"{error}\n\n"
        if not password:
            question = PasswordQuestion(
                f"{complaint}Password of {identity.account} on {connector.name}"
            )
            password = await self._app.push_screen_wait(question)
        if password:
            client.use_password(password)
            connector.connect()

    def _ask(
        self, server: str, complaint: str = "", over: bool = False, at_once: bool = False
    ) -> None:
        nick = self._launch.remembered.nick
        kept = self._launch.remembered.servers.get(server)
        account = kept.identity.account if kept is not None else ""
        form = ConnectScreen(
            server, nick, complaint, self._launch.plain, over, at_once, has_account=bool(account)
        )
        self._app.push_screen(form)

    def add(self, typed: str) -> str:
        """Connect to a further server, from the frame; its name, or "" while the form asks.

        Raises `CommandRefused`.
        """
        if not typed:
            self._ask("", over=True)
            return ""
        try:
            address = read_address(typed, self._launch.plain)
        except AddressInvalid as error:
            raise CommandRefused(f"{error}.") from None
        name = str(address)
        found = self._servers.find(name)
        if found is not None:
            self.reconnect(found.client)
            return name
        kept = self._launch.remembered.servers.get(name)
        nick = kept.nick if kept is not None and kept.nick else self._launch.remembered.nick
        try:
            options = self._launch.options(address, nick, "")
        except IdentityUnusable as error:
            raise CommandRefused(str(error)) from None
        identity = self._launch.identity_of(address)
        self.reconnect(self._servers.add(options, address, identity).client)
        return name

    def _connect(self, address: Address, nick: str, password: str) -> str:
        options = self._launch.options(address, nick, password)
        self._servers.connect(options, address, self._launch.identity_of(address))
        return options.server

    @property
    def is_asking(self) -> bool:
        """Whether the form is there."""
        return self._form() is not None

    @property
    def typed_ahead(self) -> list[str]:
        """What was typed while the form connected: lines ended by Enter, and the one begun."""
        form = self._form()
        return form.typed_ahead if form is not None else []

    async def connect(self, wanted: ConnectScreen.Wanted) -> str:
        """Connect; where nothing listens on this machine, say so at once.

        Returns the name of a server that is on the list already, else "".
        """
        form, address = wanted.form, wanted.address
        found = self._servers.find(str(address))
        if form.is_over and found is not None and found.name != self._tried:
            found.connect()
            return found.name
        form.connecting(f"Connecting to {address}…")
        await self._servers.drop(str(address))
        if address.is_local and not await local_server.listens(address.host, address.port):
            form.failed(
                f"Nothing listens on {address}. Check the address, or start a server here.",
                offer_server=not address.tls,
            )
            return ""
        await self._try(wanted, address)
        return ""

    async def start_server(self, wanted: ConnectScreen.ServerWanted) -> None:
        """Start a server here and connect to it."""
        wanted.form.connecting("Starting a server…")
        try:
            await self._servers.start_local(wanted.address)
        except local_server.StartFailed as failure:
            wanted.form.failed(str(failure), offer_server=True)
            return
        await self._try(wanted, wanted.address)

    async def _try(
        self, wanted: ConnectScreen.Wanted | ConnectScreen.ServerWanted, address: Address
    ) -> None:
        self._tried, self._wanted = str(address), wanted
        self._password = wanted.password if wanted.way is Way.LOGIN else ""
        identity = self._launch.identity_of(address)
        try:
            password = self._password or await find_password(self._tried, identity)
            self._connect(address, wanted.nick, password)
        except IdentityUnusable as error:
            wanted.form.failed(str(error), offer_server=False)

    def connection_changed(self, state: State) -> bool:
        """Tell the form, if it is still there, how its link went; whether it led anywhere."""
        form = self._form()
        if form is None or state.server != self._tried:
            return False
        if state.connection is Connection.ONLINE:
            self._keep_password(state)
            self._tried = ""
            self._begin(state.server)
            return True
        if state.connection in (Connection.WAITING, Connection.OFFLINE):
            form.failed(state.reason or "The server closed the connection.", offer_server=False)
        if state.connection is Connection.WAITING:  # nobody waits in front of a form
            self._app.run_worker(self._servers.drop(state.server))
        return False

    def _begin(self, server: str) -> None:
        """Do what the form asked for besides: make an account, go to a first room."""
        wanted, self._wanted = self._wanted, None
        connector = self._servers.find(server)
        if wanted is None or connector is None:
            return
        client = connector.client
        try:
            if wanted.way is Way.ACCOUNT:
                client.register(wanted.password)
            if wanted.room:
                makes, name = read_room(wanted.room)
                (client.create if makes else client.join)(name)
        except IntentRefused as refusal:
            client.note(str(refusal))
        connector.poke()

    def _keep_password(self, state: State) -> None:
        """What was typed and let one in need not be typed again, where there is a keyring."""
        if self._password and state.account:
            keeping = keep_password(state.server, state.account, self._password)
            self._app.run_worker(keeping, group="keyring")
        self._password = ""

    def leave_form(self) -> None:
        """The form over the frame was left: what it tried is given up."""
        if self._tried:
            self._app.run_worker(self._servers.drop(self._tried))
        self._tried = ""

    def nick_refused(self, client: Client, update: NickRefused) -> None:
        """Ask for another nick, in the form or over the frame."""
        state, form = client.state, self._form()
        if form is not None and state.server == self._tried:
            form.nick_refused(update.reason, update.suggestion)
            self._app.run_worker(self._servers.drop(state.server))
        elif not isinstance(self._app.screen, NickQuestion):
            several = len(self._servers.clients) > 1
            reason = f"{self._servers.title(client)}: {update.reason}" if several else update.reason
            question = NickQuestion(reason, update.suggestion)
            self._app.push_screen(question, lambda nick: self._use_nick(client, nick))

    def _use_nick(self, client: Client, nick: str | None) -> None:
        connector = self._servers.find(client.state.server)
        if nick and connector is not None:
            client.change_nick(nick)
            connector.poke()

    def certificate_changed(self, state: State, change: CertificateChanged) -> None:
        """Ask whether the new certificate is trusted; until then nothing was sent."""

        def take(answer: str | None) -> None:
            if answer == "trust":
                form = self._form()
                if form is not None:
                    form.connecting(f"Connecting to {change.place}…")
                self._servers.accept(state.server, change)

        self._app.push_screen(Question(certificate_words(change), _ANSWERS), take)

    def _form(self) -> ConnectScreen | None:
        forms = (each for each in self._app.screen_stack if isinstance(each, ConnectScreen))
        return next(forms, None)
