"""Addresses in running text, hard-wrapped ones among them: every plausible reading is kept, best first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, product

from archive.clippings.labels import ORIGINAL, RELATED
from archive.urls import NotAURL, canonicalize, cleaned, site

MAX_ADDRESSES = 100_000  # of one document
MAX_LINES = 8  # that one address is wrapped over
MAX_READINGS = 8
FULL = 60  # characters: a shorter line was not broken for want of room

_START = re.compile(
    r"h(?:tt|xx)ps?:/{1,3}(?:[ \t](?=[\w-]+\.[\w-]))?|(?<![\w@./-])www\d?\.(?=[a-z0-9-]+\.[a-z]{2,})", re.IGNORECASE
)
_BARE = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}/\w", re.IGNORECASE)  # `paper.example/2019/…`, without a scheme
# Closing quotes and brackets of East Asian scripts follow an address without a blank.
_TOKEN = re.compile(r"[^\s<>\"“”„«»‹›\\^`{|}。，、；：！？（）「」『』【】《》〈〉…]{1,8192}")  # archive.urls.MAX_LENGTH
_PREFIX = re.compile(r"[ \t]*(?:>[ \t]?)*")  # indentation, and the quote marks of mail
_LINE_END = re.compile(r"[ \t]*\n")
_BRACKETED = re.compile(r"[^\s<>]+(?:[ \t]*\n(?:[ \t]*>)*[ \t]*[^\s<>]+){0,8}\s*>")
_FRAGMENT = re.compile(r"[-/_=&%\d]|\.(s?html?|php|aspx?)\b")
_HYPHENS = "-\u00ad\u2010"


@dataclass(frozen=True, slots=True)
class Found:
    """An address in a text: its span, and the canonical addresses that it may stand for."""

    start: int
    end: int
    raw: str
    candidates: tuple[str, ...]


def find_addresses(text: str) -> Iterator[Found]:
    """All addresses of a text in order; what cannot be an address is passed over."""
    return islice(_addresses(text), MAX_ADDRESSES)


def _addresses(text: str) -> Iterator[Found]:
    place = 0
    for start in sorted({match.start() for match in _START.finditer(text)} | set(_labelled(text))):
        if start < place:
            continue
        pieces = _pieces(text, start)
        place = max(pieces[-1][1], start + 1)
        if found := _found(text, pieces):
            yield found


def _labelled(text: str) -> Iterator[int]:
    """Where addresses without a scheme stand behind a label, or alone on the line under it: nowhere else are they trusted."""
    for match in re.finditer(
        r"^(?P<lead>.{0,80}?[:：=|][ \t]*|[ \t>]*)(?P<host>[a-z0-9-]+\.[a-z0-9.-]+/\w)", text, re.IGNORECASE | re.MULTILINE
    ):
        lead = match["lead"]
        if not lead.strip(" \t>"):
            lead = text[: match.start()].rstrip().rpartition("\n")[2]
        known = _BARE.match(match["host"]) and "." in site(f"https://{match['host']}")
        if known and (ORIGINAL.match(lead) or RELATED.match(lead)):
            yield match.start("host")


# -- where an address ends --------------------------------------------------------------------------------------------


def _pieces(text: str, start: int) -> list[tuple[int, int]]:
    """The spans that make one address: the token at `start`, and its continuations behind a blank or on the lines below."""
    scheme = _START.match(text, start)
    token = _TOKEN.match(text, scheme.end() if scheme else start)
    end = token.end() if token else (scheme.end() if scheme else start)
    second = _START.search(text, start + 8, end)
    if second and text[second.start() - 1] not in "/=?&:*":  # two addresses without a blank between
        return [(start, second.start())]
    if bracketed := _bracketed(text, start):
        return bracketed
    pieces = [(start, _balanced_end(text, start, end))]
    while pieces[-1][1] >= end and len(pieces) < MAX_LINES:
        further = _continuation(text, pieces)
        if further is None:
            break
        pieces.append(further)
        end = further[1]
    return pieces


def _bracketed(text: str, start: int) -> list[tuple[int, int]] | None:
    """What stands between < and > is one address, whatever line breaks are in it (RFC 3986, appendix C)."""
    if not re.search(r"<(URL:)?\s*$", text[max(0, start - 10) : start], re.IGNORECASE):
        return None
    whole = _BRACKETED.match(text, start)
    if whole is None:
        return None
    return [match.span() for match in re.compile(r"[^\s<>]+").finditer(text, start, whole.end())]


def _balanced_end(text: str, start: int, end: int) -> int:
    """A closing bracket that nothing in the address opened ends it: `(https://…)`, `[x](https://…)`."""
    depth = {")": 0, "]": 0}
    for place in range(start, end):
        sign = text[place]
        if sign in "([":
            depth[")" if sign == "(" else "]"] += 1
        elif sign in depth:
            if depth[sign] == 0:
                return place
            depth[sign] -= 1
    return end


# -- where it goes on -------------------------------------------------------------------------------------------------


def _continuation(text: str, pieces: list[tuple[int, int]]) -> tuple[int, int] | None:
    """The rest of a wrapped address; None when what follows is something else."""
    end = pieces[-1][1]
    address = text[pieces[0][0] : end]
    line_end = _LINE_END.match(text, end)
    if line_end is None:
        return _behind_a_blank(text, address, end)
    prefix = _PREFIX.match(text, line_end.end())
    start = prefix.end() if prefix else line_end.end()
    token = _TOKEN.match(text, start)
    if token is None or _START.match(text, start):
        return None
    alone = re.compile(r"[ \t]*(\n|$)").match(text, token.end()) is not None
    full = end - (text.rfind("\n", 0, end) + 1) >= FULL
    return token.span() if _goes_on(address, token[0], alone=alone, full=full) else None


def _behind_a_blank(text: str, address: str, end: int) -> tuple[int, int] | None:
    """An editor put two lines together with a blank: `…/for-summit- with-putin-a65357`."""
    token = re.compile(r"[ \t](?=\S)").match(text, end) and _TOKEN.match(text, end + 1)
    if not token or _START.match(text, end + 1) or not re.search(r"[\w][-/_=&%]$", address) or address.count("/") < 3:
        return None
    slug = re.fullmatch(r"[a-z0-9%]+([-_][a-z0-9%]+)+(/|\.\w{2,5}|[?&=].*)*[.,;)]?", token[0])
    return token.span() if slug and (address[-1] != "/" or slug[0].count("-") >= 2) else None


def _goes_on(address: str, token: str, *, alone: bool, full: bool) -> bool:
    """Whether a token on the next line reads like the rest of an address rather than like the next word of a text."""
    plain = token.rstrip(".,;:!?)]*")
    if not token.isascii() or len(address) < 12 or _other_line(token, alone=alone):
        return False
    if not alone and plain[:1].isupper() and not re.search(r"//[^/]*/.*[A-Z]", address):
        return False
    looks = bool(_FRAGMENT.search(plain))
    name = re.fullmatch(r"[A-Z][a-z]*", plain) is not None
    last = address[-1]
    if last in _HYPHENS:
        return alone or looks or full
    if last in "_=&?%":
        return alone or looks
    if last in "/#+~":
        return looks if not name else False
    if last in ".,":
        return alone and looks and full
    if plain[0] in "-/_?&=%" and len(plain) > 1:  # the sign went to the next line
        return alone or looks
    # No sign at the break: a wrapped line is full.
    strong = len(re.findall(r"[-/_]", plain)) >= 2
    return full and not name and (alone or strong)


def _other_line(token: str, *, alone: bool) -> bool:
    """Beginnings of lines that are no rest of an address: list marks, labels, numbers and dates of a sentence."""
    if not re.match(r"[\w/?&%#=.~+-]", token) or token.endswith(":") or re.fullmatch(r"[-=_*#.~+/]+", token):
        return True
    if token.startswith("#") and not alone:
        return True
    return not alone and re.fullmatch(r"\(?(\d{1,4}[.):]?|\d{4}-\d\d-\d\d)[,;]?", token) is not None


# -- what it may stand for --------------------------------------------------------------------------------------------


def _found(text: str, pieces: list[tuple[int, int]]) -> Found | None:
    start, end = pieces[0][0], pieces[-1][1]
    parts = [text[a:b] for a, b in pieces]
    candidates = tuple(dict.fromkeys(_candidates(_readings(parts))))
    if not candidates:
        return None
    tail = re.search(r"[.,;:!?'\"’”*…]+$", text[start:end])
    end -= len(tail[0]) if tail else 0
    return Found(start, end, text[start:end], candidates[:MAX_READINGS])


def _candidates(readings: list[str]) -> Iterator[str]:
    """The best of each reading first, then what else each may stand for; an address cut in its host is none."""
    cleaned_ones = [cleaned(reading) for reading in readings]
    for urls in cleaned_ones:
        yield from urls[:1]
    for urls in cleaned_ones:
        yield from urls[1:]
    for reading in readings[:1]:
        yield from _without_other_script(reading)


def _without_other_script(reading: str) -> Iterator[str]:
    """`https://…/a123文章`: a text without blanks may go on behind the address."""
    ascii_part = re.match(r"[!-~]+", reading)
    if ascii_part and ascii_part.end() < len(reading) and ascii_part[0].count("/") >= 3:
        try:
            yield canonicalize(ascii_part[0])
        except NotAURL:
            return


def _readings(parts: list[str]) -> list[str]:
    """The joins of a wrapped address: whole ones first, then what is left without the last lines.

    A hyphen at a line's end is the address's own or the typesetter's; where no sign stands there, one may have been lost.
    """
    if len(parts) == 1:
        return parts
    ways = [_ends(part) for part in parts[:-1]]
    wholes = ["".join(choice) + parts[-1] for choice in islice(product(*ways), MAX_READINGS)]
    shorter = ["".join(parts[:count]) for count in range(len(parts) - 1, 0, -1)]
    return list(dict.fromkeys([*wholes[: MAX_READINGS - len(shorter)], *shorter]))


def _ends(part: str) -> tuple[str, ...]:
    if part[-1] == "-":
        return part, part[:-1]
    if part[-1] in _HYPHENS:
        return part[:-1], part[:-1] + "-"
    return (part, part + "-") if part[-1].isalnum() else (part,)
