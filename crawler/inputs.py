"""What was given on a command line: files, addresses, standard input -> documents, URLs, and lines on what cannot be read."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import click

from archive.clippings import MAX_BYTES, read_document
from archive.errors import DocumentError
from archive.models import Document
from archive.schema import rows
from archive.store import Store
from archive.terminal import safe
from archive.timestamps import iso
from archive.urls import NotAURL, canonicalize


@dataclass(frozen=True, slots=True)
class Given:
    """Documents and addresses in the order given; `problems` are lines for people, one for each input left out."""

    items: tuple[Document | str, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def warnings(self) -> tuple[str, ...]:
        return tuple(f"{item.name}: {line}" for item in self.items if isinstance(item, Document) for line in item.warnings)


def read_inputs(names: Iterable[str]) -> Given:
    """Read each input; one that cannot be read costs one line and the rest goes on."""
    items: list[Document | str] = []
    problems: list[str] = []
    for name in names:
        try:
            items.append(_read(name))
        except DocumentError as error:
            problems.append(str(error))
    return Given(tuple(items), tuple(problems))


def _read(name: str) -> Document | str:
    if name == "-":
        return read_document("-", sys.stdin.buffer.read(MAX_BYTES + 1))
    if name.lower().startswith(("http://", "https://")):
        return address_of(name)
    path = Path(name)
    if path.is_dir():
        raise DocumentError(name, "is a folder: give the files in it, for example with a shell pattern")
    if not path.exists():
        return address_without_scheme(name)
    return read_document(name, file_bytes(path))


def file_bytes(path: Path) -> bytes:
    """Raises DocumentError for what is no readable file of a usable size."""
    if not path.is_file():
        raise DocumentError(str(path), "is not a plain file")
    if path.stat().st_size > MAX_BYTES:
        raise DocumentError(str(path), f"is larger than {MAX_BYTES // 2**20} MiB: no clipping is; split it")
    try:
        return path.read_bytes()
    except OSError as error:
        raise DocumentError(str(path), f"cannot be read ({error.strerror})") from error


def address_of(name: str) -> str:
    """In canonical form. Raises DocumentError for what cannot be fetched."""
    try:
        return canonicalize(name)
    except NotAURL as error:
        raise DocumentError(name, f"is not an address that can be fetched ({error})") from error


def address_without_scheme(name: str) -> str:
    """`www.example.org/story` is an address; `notes.txt` is a file that is not there. Raises DocumentError."""
    if "/" in name and "." in name.split("/", 1)[0].strip("."):
        return address_of(f"https://{name}")
    raise DocumentError(name, "there is no such file (an address begins with https://)")


def complain(given: Given) -> None:
    """Say on stderr what could not be read, and what is doubtful."""
    for line in (*given.problems, *given.warnings):
        click.echo(f"morgue: {safe(line)}", err=True)


def ingest(store: Store, given: Given, *, refresh: bool) -> list[int]:
    """Keep and queue what was given; returns the ids of the mentions asked for. With nothing given: those that are due."""
    if not given.items:
        return _due(store)
    asked: list[int] = []
    for item in given.items:
        if isinstance(item, Document):
            asked += store.add_document(item, refresh=refresh)
        else:
            asked.append(store.add_url(item, refresh=refresh))
    return list(dict.fromkeys(asked))


def _due(store: Store) -> list[int]:
    found = rows(
        store.db,
        "SELECT m.id FROM mentions m JOIN frontier f ON f.url_id = m.url_id "
        "WHERE f.state = 'queued' AND f.due <= ? ORDER BY m.id",
        iso(store.now()),
    )
    return [row["id"] for row in found]
