"""The recording: rows of the ubuntu chat corpus, read from where it lies beside the checkout."""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

CORPUS: Final = Path(__file__).parents[3] / "shared" / "data" / "ubuntu-chat.tsv.gz"
TEXT_BYTES_MAX: Final = 350
"""Longer texts are cut: with source and room they must fit into one line."""

_NOT_IN_NICKS: Final = re.compile(r"[^A-Za-z0-9\[\]\\`_^{|}-]")


def read_rows(limit: int, path: Path = CORPUS) -> Iterator[tuple[str, str]]:
    """Nick and text of the first `limit` rows that were said, nicks made valid and unique."""
    nicks: dict[str, str] = {}
    taken: set[str] = set()
    count = 0
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            if count == limit:
                return
            _, kind, name, text = (line.rstrip("\n").split("\t", 3) + [""] * 4)[:4]
            text = re.sub(r"[\x00-\x1f\x7f]", " ", text).strip()
            if kind not in ("say", "me") or not text:
                continue
            if name not in nicks:
                nicks[name] = _unique_nick(name, taken)
            text = text.encode()[:TEXT_BYTES_MAX].decode(errors="ignore")
            count += 1
            yield nicks[name], f"\x01ACTION {text}\x01" if kind == "me" else text


def _unique_nick(name: str, taken: set[str]) -> str:
    base = "n" + _NOT_IN_NICKS.sub("_", name)[:20]
    nick, number = base, 1
    while nick.lower() in taken:
        number += 1
        nick = f"{base}{number}"
    taken.add(nick.lower())
    return nick
