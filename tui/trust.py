"""Whether a certificate is trusted: vouched for by authorities, or pinned on first use as by ssh.

Owns the file of pins. Never lets a link through when a certificate is another than the one
remembered, nor when the file cannot be read: what was pinned is not known then.

One pin per line: ``host:port fingerprint since``; the fingerprint is the SHA-256 of the
certificate in hex, or ``authorities`` where authorities vouched for it.
"""

import hashlib
import os
import re
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tui.client.updates import CertificateChanged

AUTHORITIES: Final = "authorities"
"""Stands in place of a fingerprint: such certificates are renewed all the time."""

PINS_MAX: Final = 10_000

_LINE: Final = re.compile(rf"(\S+) ([0-9a-f]{{64}}|{AUTHORITIES}) (\d{{4}}-\d\d-\d\d)")


class PinsUnusable(Exception):  # noqa: N818 - reads as a sentence where it is raised
    """The file of pins cannot be read or written; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Pin:
    """What was remembered of one place, and since when (``YYYY-MM-DD``)."""

    fingerprint: str
    since: str


class Pins:
    """The file of pins; read anew for every question, because other windows write it too."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def find(self, place: str) -> Pin | None:
        """The pin of ``host:port``, None for a place never seen. Raises `PinsUnusable`."""
        return self._read().get(place)

    def remember(self, place: str, pin: Pin) -> None:
        """Pin `place`, in place of what was remembered. Raises `PinsUnusable`."""
        pins = self._read()
        pins[place] = pin
        for oldest in list(pins)[:-PINS_MAX]:
            del pins[oldest]
        self._write(pins)

    def _read(self) -> dict[str, Pin]:
        try:
            text = self._path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return {}
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not text"
            raise PinsUnusable(
                f"{self._path.name}, the file of remembered certificates, cannot be read "
                f"({reason}): {self._path}"
            ) from error
        found = [(line, _LINE.fullmatch(line)) for line in text.splitlines() if line.strip()]
        for line, match in found:
            if match is None:
                raise PinsUnusable(
                    f"{self._path}, the file of remembered certificates, holds a line that makes "
                    f"no sense: “{line[:60]}”. Mend it or take it out"
                )
        return {match[1]: Pin(match[2], match[3]) for _, match in found if match is not None}

    def _write(self, pins: dict[str, Pin]) -> None:
        lines = [f"{place} {pin.fingerprint} {pin.since}\n" for place, pin in pins.items()]
        draft = self._path.with_suffix(".new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with open(descriptor, "w", encoding="utf-8") as file:
                file.writelines(lines)
            draft.replace(self._path)
        except OSError as error:
            raise PinsUnusable(
                f"The certificate cannot be remembered ({error.strerror}): {self._path}"
            ) from error


class Untrusted(Exception):  # noqa: N818 - reads as a sentence where it is raised
    """Nobody vouches for the certificate, and it may not be pinned; the text says why."""


@dataclass(slots=True)
class Trust:
    """What is known of one server's certificate, and what it is shown of ours.

    With `fingerprints` (SHA-256 in hex) exactly those are trusted. Without `first_use` a server
    never seen is not pinned: it is one that said that authorities vouch for it.
    """

    place: str  # host:port
    pins: Pins
    fingerprints: tuple[str, ...] = ()
    first_use: bool = True
    certificate: Path | None = None  # ours, with its key

    def pinned(self) -> Pin | None:
        """What is remembered, None for a server never seen. Raises `PinsUnusable`."""
        return self.pins.find(self.place)

    def vouched(self, today: str) -> None:
        """Authorities vouch for what the server shows. Raises `PinsUnusable`."""
        pin = self.pinned()
        if pin is None or pin.fingerprint != AUTHORITIES:
            self.pins.remember(self.place, Pin(AUTHORITIES, today))

    def judge(self, certificate: bytes, today: str) -> "CertificateChanged | Pinned | None":
        """Nobody vouches for `certificate` (DER). None: it is the pinned one.

        A server never seen is pinned; for another certificate than the pinned one comes what
        changed. Raises `PinsUnusable`, `Untrusted`.
        """
        shown = fingerprint_of(certificate)
        if self.fingerprints:
            if shown in self.fingerprints:
                return None
            raise Untrusted(
                f"{self.place} shows the certificate {shown_form(shown)}, which is none of those "
                "that were named as trusted. Nothing was sent"
            )
        pin = self.pinned()
        if pin is None and not self.first_use:
            raise Untrusted(
                f"{self.place} asked for encrypted links only, and no authority vouches for its "
                "certificate. Nothing was sent; tell whoever runs the server"
            )
        if pin is None:
            self.pins.remember(self.place, Pin(shown, today))
            return Pinned(self.place, shown)
        if pin.fingerprint == shown:
            return None
        return changed(self.place, pin, shown)

    def accept(self, change: CertificateChanged, today: str) -> None:
        """The person trusts what is shown now. Raises `PinsUnusable`."""
        self.pins.remember(self.place, Pin(change.shown.replace(":", "").lower(), today))


@dataclass(frozen=True, slots=True)
class Pinned:
    """A certificate was seen for the first time, and is remembered from now on."""

    place: str
    fingerprint: str

    @property
    def text(self) -> str:
        """For the person."""
        return (
            f"First visit to {self.place}: nobody vouches for its certificate, so it is remembered "
            f"and checked from now on. Compare it with what the server printed: "
            f"{shown_form(self.fingerprint)}"
        )


def changed(place: str, pin: Pin, shown: str) -> CertificateChanged:
    """The news that `place` shows another certificate than the one remembered."""
    now = shown_form(shown)
    if pin.fingerprint == AUTHORITIES:
        was, pinned = "one that authorities vouched for", ""
    else:
        pinned = shown_form(pin.fingerprint)
        was = pinned
    text = (
        f"The certificate of {place} has changed, so nothing was sent. Remembered since "
        f"{pin.since}: {was}. Shown now: {now}. Ask whoever runs the server whether they changed "
        "it; trust the new one only if they did."
    )
    return CertificateChanged(place, pinned, pin.since, now, text)


def fingerprint_of(certificate: bytes) -> str:
    """SHA-256 of a certificate (DER) in hex."""
    return hashlib.sha256(certificate).hexdigest()


def shown_form(fingerprint: str) -> str:
    """A fingerprint as servers print it: ``AB:CD:…``."""
    pairs = [fingerprint[at : at + 2] for at in range(0, len(fingerprint), 2)]
    return ":".join(pairs).upper()


def verifying_context(trust: Trust) -> ssl.SSLContext:
    """For a first try: the authorities of this machine must vouch for the server.

    Raises `OSError` where our own certificate cannot be used.
    """
    context = ssl.create_default_context()
    if trust.certificate is not None:
        context.load_cert_chain(trust.certificate)
    return context


def pinning_context(trust: Trust) -> ssl.SSLContext:
    """For a server that is known by its fingerprint, which is compared before anything is sent."""
    context = verifying_context(trust)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
