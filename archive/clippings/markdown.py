"""Markdown: headings, links with their words, front matter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from archive.clippings.addresses import Found, find_addresses
from archive.clippings.base import Draft
from archive.clippings.prose import without_apparatus
from archive.clippings.roles import mentions_of
from archive.models import Mention, Role
from archive.urls import path_date

_FRONT = re.compile(r"\A(?P<fence>---|\+\+\+)[ \t]*\n(?P<fields>.*?)\n(?:(?P=fence)|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_FIELD = re.compile(r"^(?P<name>[\w -]+?)[ \t]*[:=][ \t]*(?P<value>.*?)[ \t]*$", re.MULTILINE)
_HEADING = re.compile(r"^#{1,3}[ \t]+(?P<title>.+?)[ \t]*#*$|^(?P<under>\S.{2,150})\n=+[ \t]*$", re.MULTILINE)
_LINK = re.compile(r"(?P<image>!?)\[(?P<words>[^\]\n]{1,300})\]\([ \t]*<?(?P<url>\S)")
_TARGET = re.compile(
    r"^[ ]{0,3}\[(?P<name>[^\]\n]{1,100})\]:[ \t]*<?(?P<url>\S)[^\n]*?(?:[ \t]+[\"'(](?P<title>[^\n]*)[\"')])?[ \t]*$",
    re.MULTILINE,
)
_USE = re.compile(r"\[(?P<words>[^\]\n]{1,300})\](?:\[(?P<name>[^\]\n]{0,100})\])?(?![(:\[])")
_MARKS = re.compile(r"^#{1,6}[ \t]+\S|^\[[^\]]+\]:[ \t]*\S+|\[[^\]\n]+\]\([^)\s]+|\A(---|\+\+\+)\n", re.MULTILINE)
_SOURCES = frozenset(
    {"url", "source", "source_url", "original", "link", "canonical", "canonical_url", "original_url", "permalink"}
)
_DAYS = ("published", "date", "pubdate", "date_published", "publish_date")


class Markdown:
    """By the file's name, or by marks that plain text seldom has."""

    name = "markdown"

    def matches(self, name: str, text: str) -> bool:
        return name.lower().endswith((".md", ".markdown", ".mdown")) or bool(_MARKS.search(text[:100_000]))

    def read(self, text: str) -> Draft:
        front = _FRONT.match(text)
        fields = _fields(front)
        images = {match.start("url") for match in _LINK.finditer(text) if match["image"]}
        found = [address for address in find_addresses(text) if address.start not in images]
        start = front.end() if front else 0
        unlabelled = Role.ORIGINAL if not front and _is_list(text) else None
        mentions = [
            *_in_front(text, [address for address in found if address.start < start]),
            *mentions_of(text, [address for address in found if address.start >= start], dict(_titles(text)), unlabelled),
        ]
        if unlabelled is not None:
            return Draft(tuple(mentions), "", _title(text, fields))
        targets = {match.start("url") for match in _TARGET.finditer(text)}
        mentions = [replace(m, role=Role.INLINE) if m.start in targets and unlabelled is None else m for m in mentions]
        if any(mention.role is Role.ORIGINAL and mention.start < start for mention in mentions):
            mentions = [_beside_front(text, mention, start) for mention in mentions]
        return Draft(tuple(mentions), _body(text, mentions, start), _title(text, fields), _day(fields))


def _is_list(text: str) -> bool:
    """Links are all that there is: hardly a word beside them and the headings."""
    beside, links = re.subn(r"\[[^\]\n]+\](\([^)\n]*\)|:[ \t]*\S+.*)", "", re.sub(r"^#.*$", "", text, flags=re.MULTILINE))
    return links > 0 and len(re.findall(r"[^\W\d_]{2,}", beside)) <= 2 * links


def _fields(front: re.Match[str] | None) -> dict[str, str]:
    found = _FIELD.finditer(front["fields"]) if front else ()
    return {match["name"].lower().replace(" ", "_").replace("-", "_"): match["value"].strip("\"'") for match in found}


def _titles(text: str) -> Iterator[tuple[int, str]]:
    """The words of links by where their address begins; of reference links those of their first use."""
    for match in _LINK.finditer(text):
        yield match.start("url"), " ".join(match["words"].split())
    uses: dict[str, str] = {}
    for match in _USE.finditer(text):
        uses.setdefault((match["name"] or match["words"]).lower(), " ".join(match["words"].split()))
    for match in _TARGET.finditer(text):
        if words := match["title"] or uses.get(match["name"].lower()):
            yield match.start("url"), words


def _in_front(text: str, found: list[Found]) -> Iterator[Mention]:
    """Of the front matter only the fields that name the document's own address: the others are pictures, feeds, authors."""
    for address in found:
        line = text[text.rfind("\n", 0, address.start) + 1 : address.start]
        name = re.split(r"[:=]", line)[0].strip().lower().replace("-", "_").replace(" ", "_")
        if name in _SOURCES:
            yield Mention(address.candidates, Role.ORIGINAL, address.start, address.end, address.raw)


def _beside_front(text: str, mention: Mention, start: int) -> Mention:
    """The front matter names the original: an address that only its place made one is related."""
    line = text[text.rfind("\n", 0, mention.start) + 1 : mention.start]
    by_place = mention.start >= start and mention.role is Role.ORIGINAL and not line.strip(" \t<>*-+")
    return replace(mention, role=Role.RELATED) if by_place else mention


def _title(text: str, fields: dict[str, str]) -> str | None:
    if fields.get("title"):
        return fields["title"]
    heading = _HEADING.search(text)
    return (heading["title"] or heading["under"]).strip() if heading else None


def _day(fields: dict[str, str]) -> date | None:
    found = (path_date(f"https://host/{fields[name][:10]}") for name in _DAYS if name in fields)
    return next((day for day in found if day), None)


def _body(text: str, mentions: list[Mention], start: int) -> str:
    """The prose: no front matter, no heading marks, of links their words."""
    shifted = [replace(m, start=m.start - start, end=m.end - start) for m in mentions if m.start >= start]
    body = without_apparatus(text[start:], shifted)
    body = re.sub(r"!\[[^\]\n]*\]\([^)\n]*\)", "", body)
    body = re.sub(r"^[ ]{0,3}\[[^\]\n]+\]:.*$", "", body, flags=re.MULTILINE)
    body = re.sub(r"\[([^\]\n]*)\](?:\([^)\n]*\)|\[[^\]\n]*\])", r"\1", body)
    body = re.sub(r"^[ \t]*(#{1,6}|>|[*+-])[ \t]+|^=+$|[*`]{1,3}|(?<!\w)_{1,3}|_{1,3}(?!\w)", "", body, flags=re.MULTILINE)
    return re.sub(r"\n{3,}", "\n\n", body).strip()
