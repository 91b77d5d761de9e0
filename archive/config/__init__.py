"""`morgue.toml` of a home: what a person may set, read into records. Pure: text in, records or a UsageError out.

archives = ["wayback", "arquivo", "commoncrawl"]          # archives that are built in; the first one is always asked

or, where archives of one's own are added, every archive under a line of its own:

[[archives]]
name = "arquivo"

[[archives]]                                              # asked after the archives that are built in, in this order
name = "webarchive"
replay = "https://www.example.org/coll/{timestamp}id_/{url}"
cdx = "https://www.example.org/coll/cdx"                  # optional: a capture index in pywb's dialect
timemap = "https://www.example.org/coll/timemap/link/{url}"   # optional, used where there is no index
requests = 30                                             # at most so many requests …
seconds = 60                                              # … in so many seconds, for replay and for index

[[sources]]                                               # read again and again: docs/sources.md
name = "gazette"
url = "https://www.gazette.example/"
feeds = ["https://www.gazette.example/feed.xml"]          # optional, like all that follows
sitemaps = []                                             # without any listing, `url` is read as a section page
sections = []
allow = ["/news/", "/opinion/"]                           # robots.txt's way of writing; nothing: its whole site
deny = ["/news/live/*"]
language = "en"
depth = 1                                                 # steps from its articles to what they call related
delay = 5                                                 # seconds between two requests
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from urllib.parse import urlsplit

from archive.budgets import LIMITS, Limit
from archive.config.archives import BUILT_IN, MADE, ArchiveSettings, read_archives
from archive.config.entries import known
from archive.config.sources import read_sources
from archive.errors import UsageError
from archive.home import Home
from archive.sources.base import Source
from archive.webarchives import WebArchive
from archive.webarchives.memento import MementoArchive

__all__ = ["ArchiveSettings", "Config", "config_of", "read_config"]


@dataclass(frozen=True, slots=True)
class Config:
    """A whole `morgue.toml`; the empty file is Config(). `built_in` are names out of BUILT_IN, in its order."""

    built_in: tuple[str, ...] = BUILT_IN[:1]
    archives: tuple[ArchiveSettings, ...] = ()
    sources: tuple[Source, ...] = ()

    def web_archives(self) -> tuple[WebArchive, ...]:
        """The archives to ask, in order; made anew for each run, since one of them learns."""
        named = tuple(MADE[name]() for name in self.built_in)
        return (*named, *(MementoArchive(one.name, one.replay, one.cdx, one.timemap) for one in self.archives))

    def limits(self) -> dict[str, Limit]:
        """The budgets of all services that may be asked."""
        own = {one.name: Limit(one.requests, one.seconds, 1) for one in self.archives}
        return LIMITS | {f"{name}-{service}": limit for name, limit in own.items() for service in ("replay", "cdx")}

    def hosts(self) -> tuple[str, ...]:
        """Where the archives that a person configured are."""
        urls = [url for one in self.archives for url in (one.replay, one.cdx, one.timemap) if url]
        return tuple(dict.fromkeys(urlsplit(url).hostname or "" for url in urls))


def read_config(text: str, file: str) -> Config:
    """The settings in a text; `file` is its name for people. Raises UsageError, which names the file and the key."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{file} is not TOML: {error}") from error
    known(table, ("archives", "sources"), file, "")
    built_in, archives = read_archives(table.get("archives", []), file)
    return Config(built_in, archives, read_sources(table.get("sources", []), file))


def config_of(home: Home) -> Config:
    """What a person set for a home; raises UsageError when that cannot be read."""
    try:
        text = home.config_file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Config()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise UsageError(f"{home.config_file} cannot be read ({reason})") from error
    return read_config(text, str(home.config_file))
