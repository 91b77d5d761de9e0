"""Redirect maps: where a server sends the readers of its own dead pages. One small file each and one line here."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from archive.documents.base import Unwritable
from archive.documents.redirects.apache import Apache
from archive.documents.redirects.base import Inexpressible, Move, RedirectMap
from archive.documents.redirects.csv import Csv
from archive.documents.redirects.netlify import Netlify
from archive.documents.redirects.nginx import Nginx
from archive.documents.spelling import safe
from archive.errors import UsageError
from archive.urls import NotAURL, canonicalize, host

__all__ = ["REDIRECT_MAPS", "MapFile", "Move", "RedirectMap", "redirect_map"]

REDIRECT_MAPS: tuple[RedirectMap, ...] = (Nginx(), Apache(), Netlify(), Csv())


@dataclass(frozen=True, slots=True)
class MapFile:
    """The text of the file, how many moves it says, and the old addresses that it does not, with the reason."""

    text: str
    count: int
    left: Mapping[str, str] = field(default_factory=dict)


def redirect_map(name: str, moves: Iterable[Move], hosts: Collection[str] = ()) -> MapFile:
    """The map for a server that answers for `hosts` (`www.` does not matter); for CSV no host means all.

    A server redirects its own paths only, and its rules do not name the host: without `hosts` the old addresses must
    be of one site. Raises UsageError when they are not, or for an unknown map.
    """
    kind = next((kind for kind in REDIRECT_MAPS if kind.name == name), None)
    if kind is None:
        raise UsageError(f"{name!r} is no redirect map: choose one of {', '.join(kind.name for kind in REDIRECT_MAPS)}")
    left: dict[str, str] = {}
    kept: dict[str, Move] = {}
    for move in _canonical(moves, left):
        if not hosts or _site(move.old) in {_bare(host_) for host_ in hosts}:
            _keep(kind, move, kept, left)
    sites = sorted({_site(move.old) for move in kept.values()})
    if kind.needs_host and not hosts and len(sites) > 1:
        raise UsageError(
            f"the dead links are of {len(sites)} hosts ({', '.join(sites[:3])}, …): name the host whose server is to redirect"
        )
    return MapFile(kind.render(list(kept.values())), len(kept), left)


def _canonical(moves: Iterable[Move], left: dict[str, str]) -> Iterable[Move]:
    for move in moves:
        try:
            yield Move(canonicalize(move.old), safe(move.new))
        except (NotAURL, Unwritable) as error:
            left[move.old] = str(error)


def _keep(kind: RedirectMap, move: Move, kept: dict[str, Move], left: dict[str, str]) -> None:
    key = move.request if kind.needs_host else move.old
    if kind.needs_host and canonicalize(move.new).split("://")[1] == move.old.split("://")[1]:
        left[move.old] = "it would be sent to itself"
    elif key in kept:
        if kept[key].new != move.new:
            left[move.old] = f"it goes to {kept[key].new} already"
    else:
        try:
            kind.check(move)
            kept[key] = move
        except Inexpressible as error:
            left[move.old] = str(error)


def _site(url: str) -> str:
    return _bare(host(url))


def _bare(name: str) -> str:
    return name.strip().lower().removeprefix("www.").rstrip(".")
