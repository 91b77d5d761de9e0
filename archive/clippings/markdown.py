"""Markdown: headings, links with their words, front matter."""

from __future__ import annotations

import re

from archive.clippings.addresses import find_addresses
from archive.clippings.base import Draft
from archive.clippings.prose import without_apparatus
from archive.clippings.roles import mentions_of
from archive.models import Mention, Role

_FRONT = re.compile(r"\A---\n(?P<fields>.*?)\n---\n", re.DOTALL)
_FIELD = re.compile(r"^(?P<name>[\w-]+):[ \t]*(?P<value>.*?)[ \t]*$", re.MULTILINE)
_HEADING = re.compile(r"^#{1,3}[ \t]+(?P<title>.+?)[ \t]*#*$", re.MULTILINE)
_LINK = re.compile(r"\[(?P<words>[^\]\n]{1,300})\]\((?P<url>https?://)")
_MARKS = re.compile(r"^#{1,6}[ \t]+\S|^\[[^\]]+\]:[ \t]*\S+|\[[^\]\n]+\]\([^)\s]+\)|\A---\n", re.MULTILINE)
_SOURCES = ("url", "source", "original", "link", "canonical", "canonical_url", "original_url")


class Markdown:
    """By the file's name, or by marks that plain text seldom has."""

    name = "markdown"

    def matches(self, name: str, text: str) -> bool:
        return name.lower().endswith((".md", ".markdown")) or bool(_MARKS.search(text[:100_000]))

    def read(self, text: str) -> Draft:
        titles = {match.start("url"): " ".join(match["words"].split()) for match in _LINK.finditer(text)}
        mentions = [self._in_front(text, mention) for mention in mentions_of(text, list(find_addresses(text)), titles)]
        return Draft(tuple(mentions), _body(text, mentions), _title(text))

    def _in_front(self, text: str, mention: Mention) -> Mention:
        """An address in the front matter is the original when its field says so."""
        front = _FRONT.match(text)
        if front is None or mention.start > front.end():
            return mention
        line = text[text.rfind("\n", 0, mention.start) + 1 : mention.start]
        role = Role.ORIGINAL if line.split(":")[0].strip().lower() in _SOURCES else Role.INLINE
        return Mention(mention.candidates, role, mention.start, mention.end, mention.raw_text, mention.title)


def _title(text: str) -> str | None:
    front = _FRONT.match(text)
    for field in _FIELD.finditer(front["fields"]) if front else ():
        if field["name"].lower() == "title" and field["value"]:
            return field["value"].strip("\"'")
    heading = _HEADING.search(text)
    return heading["title"] if heading else None


def _body(text: str, mentions: list[Mention]) -> str:
    """The prose: no front matter, no heading marks, of links their words."""
    front = _FRONT.match(text)
    start = front.end() if front else 0
    kept = [mention for mention in mentions if mention.start >= start]
    body = without_apparatus(text, kept)[start:] if not front else _without_front(text, kept, start)
    body = re.sub(r"!?\[([^\]\n]*)\]\([^)\n]*\)", r"\1", body)
    body = re.sub(r"^\[[^\]]+\]:.*$", "", body, flags=re.MULTILINE)
    return re.sub(r"^[ \t]*(#{1,6}|>|[*+-])[ \t]+|[*_`]{1,3}", "", body, flags=re.MULTILINE).strip()


def _without_front(text: str, mentions: list[Mention], start: int) -> str:
    shifted = [Mention(m.candidates, m.role, m.start - start, m.end - start, m.raw_text, m.title) for m in mentions]
    return without_apparatus(text[start:], shifted)
