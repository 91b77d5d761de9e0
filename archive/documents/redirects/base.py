"""What a redirect map is: the old addresses of one's own site, each with where its reader is sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol
from urllib.parse import SplitResult, urlsplit


class Inexpressible(Exception):
    """A move that this server's syntax cannot say; the reason."""


@dataclass(frozen=True, slots=True)
class Move:
    """A dead address and its replacement."""

    old: str
    new: str

    @property
    def parts(self) -> SplitResult:
        return urlsplit(self.old)

    @property
    def path(self) -> str:
        return self.parts.path or "/"

    @property
    def request(self) -> str:
        """Path and query as a browser sends them."""
        return self.path + (f"?{self.parts.query}" if self.parts.query else "")


class RedirectMap(Protocol):
    """The syntax of one server. A server answers for its own hosts only, and sees no host in its paths."""

    name: str
    needs_host: bool

    def check(self, move: Move) -> None:
        """Raises Inexpressible."""

    def render(self, moves: list[Move]) -> str:
        """The file, for moves that were checked; each old address once."""
