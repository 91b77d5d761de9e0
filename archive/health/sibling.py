"""The random sibling: a page is not there when its host answers the same for an address that cannot exist. Pure.

After Bar-Yossef, Broder, Kumar and Tomkins, "Sic transit gloria telae" (WWW 2004), as FABLE builds its siblings (IMC 2023).
"""

from __future__ import annotations

import re
import string
import zlib
from dataclasses import dataclass
from heapq import nsmallest
from random import Random
from typing import Any
from urllib.parse import SplitResult, urlunsplit

from archive.health.history import leads_elsewhere
from archive.health.temporary import PAGES
from archive.models import Article, Kind, Observation, Verdict
from archive.urls import host, is_home, looks_like_article, slug_words, split_url, urlkey

SAME = 0.9  # of the shingles of both texts together
FEWEST = 200  # bytes of text: the shell of a page that scripts fill says nothing
LONGEST = 256 * 1024  # bytes of a page that are compared
SHINGLE = 8  # bytes
SKETCH = 256  # hashes: with a true share of 0.9, one in twenty sketches is off by more than 0.04
NAME = 25  # signs of a name that nobody gave to a page

# -- which pages are suspected ----------------------------------------------------------------------------------------

_STATED = frozenset({"json-ld", "microdata", "meta", "time"})  # not "address": an address has its date whatever it shows
# One page for all addresses, and it says why: a door, or a site that is down.
_EXCUSED = frozenset({Kind.CONSENT, Kind.LOGIN, Kind.ERROR, Kind.FRONT})
_UNREAD = frozenset({"not_html", "too_large", "timeout", "memory", "decode", "error"})


def suspicion(observation: Observation, verdict: Verdict) -> float:
    """How much a page that answered needs the test: 0 not, 1 it does, between them when others have its text."""
    page = observation.page
    if not verdict.state.living or page is None or page.status in _UNREAD or page.kind in _EXCUSED:
        return 0.0
    if is_home(observation.url) or not looks_like_article(observation.url):
        return 0.0
    marks = _marks(page.article, observation) if page.article else 0
    if len(observation.hops) > 1 and leads_elsewhere(observation.url, observation.final_url):
        return 1.0
    return (1.0, 0.5, 0.0)[marks]


def _marks(article: Article, observation: Observation) -> int:
    """What only a page of its own has: the address that it declares, and the day that it states."""
    own = article.canonical_url is not None and urlkey(article.canonical_url) in (
        urlkey(observation.url),
        urlkey(observation.final_url),
    )
    return own + bool(article.published and article.published_from in _STATED)


# -- the address that cannot exist ------------------------------------------------------------------------------------

_SCRIPT = re.compile(r"\.(php\d?|aspx?|jsp|cgi|cfm|pl|dll|do)$", re.IGNORECASE)
_EXTENSION = re.compile(r"\.[A-Za-z]{2,5}$")
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")


def shape(url: str) -> str:
    """The folder, extension and query of an address, without what differs from page to page."""
    parts = split_url(url)
    folder, name, tail = _split(parts.path)
    told = "/".join("*" if segment.count("-") >= 2 else re.sub(r"\d", "0", segment) for segment in folder.split("/"))
    kept = name if _is_named_by_query(parts) else "*" + _extension(name)
    keys = "&".join(sorted(pair.partition("=")[0] for pair in parts.query.split("&")))
    return told + kept + tail + (f"?{keys}" if keys else "")


def sibling(url: str, seed: str) -> str:
    """An address beside this one with a name that nobody gave to a page; the same seed gives the same one.

    Numbers that may be a page's id change wherever they stand, or a server that goes by the id alone would send the page
    itself; dates stay.
    """
    random, parts = Random(f"{seed} {url}"), split_url(url)  # noqa: S311 - no secret
    folder, name, tail = _split(parts.path)
    folder = "/".join(_other_id(segment, random) for segment in folder.split("/"))
    if not _is_named_by_query(parts):
        extension = _extension(name)
        name = _other_name(name.removesuffix(extension), random, NAME) + extension
    pairs = (pair.partition("=") for pair in parts.query.split("&") if pair)
    query = "&".join(key + sign + _other_name(value, random, len(value) + 6) for key, sign, value in pairs)
    return urlunsplit((parts.scheme, parts.netloc, folder + name + tail, query, ""))


def _split(path: str) -> tuple[str, str, str]:
    """Folder with its slash, name, and a slash at the end."""
    bare = path.rstrip("/")
    folder, slash, name = bare.rpartition("/")
    return folder + slash, name, path[len(bare) :][:1]


def _extension(name: str) -> str:
    found = _EXTENSION.search(name)
    return found[0] if found else ""


def _is_named_by_query(parts: SplitResult) -> bool:
    """`/article.php?id=5`; in `/storm-gates-close.php?ref=rss` and `/story?page=2` the query names no page."""
    few = len(slug_words(f"http://host{parts.path}")) < 2
    return few and re.search(r"=[^&]*\d", parts.query) is not None and bool(_SCRIPT.search(parts.path) or parts.path == "/")


def _other_id(segment: str, random: Random) -> str:
    digits = sum(sign.isdigit() for sign in segment)
    is_date = re.fullmatch(r"\d{1,2}|(19|20)\d\d(-?\d\d){0,2}", segment) is not None
    return segment if digits < 3 or is_date else _other_name(segment, random, len(segment) + 6)


def _other_name(name: str, random: Random, length: int) -> str:
    """Signs of the same classes in the same order, and more of them up to that length."""
    plain = _ESCAPE.sub("x", name)
    filler = "0" if plain.isdigit() else "x"
    return "".join(_other_sign(sign, random) for sign in plain + filler * max(0, length - len(plain)))


def _other_sign(sign: str, random: Random) -> str:
    for signs in (string.digits, string.ascii_lowercase, string.ascii_uppercase):
        if sign in signs:
            return random.choice(signs)
    return sign


# -- what came back ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """An answer, as much of it as is compared. `status` is None when none came; `size` counts bytes of text."""

    url: str
    status: int | None
    final_url: str
    title: str | None = None
    size: int = 0
    sketch: tuple[int, ...] = ()


def fingerprint(observation: Observation, body: bytes) -> Fingerprint:
    """`body` without its content coding, in any encoding: both pages have the same one."""
    text = _text(body[:LONGEST])
    hashes = {zlib.crc32(text[at : at + SHINGLE]) for at in range(max(1, len(text) - SHINGLE + 1))}
    title = (observation.page.head_title or observation.page.heading) if observation.page else None
    status = observation.hops[-1].status if observation.hops and observation.failure is None else None
    return Fingerprint(observation.url, status, observation.final_url, title, len(text), tuple(nsmallest(SKETCH, hashes)))


_TAG = re.compile(rb"<[^<>]*>")
_HIDDEN = re.compile(rb"<(script|style|template|noscript)\b", re.IGNORECASE)


def _text(body: bytes) -> bytes:
    """What stands between the tags, scripts and styles left out, blanks folded."""
    told, at, until = [], 0, b""
    for tag in _TAG.finditer(body):
        if not until:
            told.append(body[at : tag.start()])
            hidden = _HIDDEN.match(tag[0])
            until = b"</" + hidden[1].lower() if hidden else b""
        elif tag[0].lower().startswith(until):
            until = b""
        at = tag.end()
    if not until:
        told.append(body[at:])
    return b" ".join(b" ".join(told).split())


def similarity(one: Fingerprint, other: Fingerprint) -> float:
    """Shingles in both by shingles in either, estimated from the smallest hashes (Broder 1997)."""
    ours, theirs = set(one.sketch), set(other.sketch)
    smallest = nsmallest(SKETCH, ours | theirs)
    return sum(1 for value in smallest if value in ours and value in theirs) / len(smallest) if smallest else 0.0


def same_as_missing(page: Fingerprint, missing: Fingerprint) -> dict[str, Any] | None:
    """The evidence that a page is what its host shows for any address; None when it is not, or cannot be told.

    A title of its own makes it another page: in a large frame of navigation, a short text is a small part.
    """
    if missing.status not in PAGES:
        return None
    evidence: dict[str, Any] = {"final_url": page.final_url, "sibling": missing.url}
    if page.final_url == missing.final_url and urlkey(page.final_url) != urlkey(page.url):
        return evidence | {"same": "final_url"}
    if page.title != missing.title or min(page.size, missing.size) < FEWEST or host(page.final_url) != host(missing.final_url):
        return None
    alike = similarity(page, missing)
    return evidence | {"same": "text", "similarity": round(alike, 3)} if alike >= SAME else None
