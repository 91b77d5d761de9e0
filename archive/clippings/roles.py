"""What an address is to its document: told by the words before it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from archive.clippings.addresses import Found
from archive.clippings.labels import MANY_ORIGINALS, ORIGINAL, RELATED, RELATED_TITLE
from archive.models import Mention, Role
from archive.urls import slug_words

MAX_TITLES = 200  # "Related article: …" lines of one document
MAX_TITLE = 150  # characters
MAX_LINE = 2_000  # characters: how far up a label is looked for


def mentions_of(
    text: str, found: Sequence[Found], titles: Mapping[int, str] | None = None, unlabelled: Role | None = None
) -> list[Mention]:
    """Each address with its role; related ones with the title that the document gives them elsewhere.

    `titles` are those that the markup gives, by the start of the address. `unlabelled` is the role of what no label
    speaks of, by default told by the place: the first address with a line of its own is the document's.
    """
    reading = _Reading(text, titles or {}, unlabelled)
    mentions: list[Mention] = []
    for address in found:
        role, title = reading.next(address)
        mentions.append(Mention(address.candidates, role, address.start, address.end, address.raw, title))
    return _with_titles(text, mentions)


class _Reading:
    """The addresses of one text, read from the top: a label holds for the list that stands under it."""

    def __init__(self, text: str, titles: Mapping[int, str], unlabelled: Role | None) -> None:
        self._text = text
        self._unlabelled = unlabelled
        self._titles = titles
        self._last: Found | None = None
        self._block: Role | None = None  # what the label above a list says of each of its addresses
        self._has_original = False

    def next(self, address: Found) -> tuple[Role, str | None]:
        """The role and the title of the next address."""
        start = self._text.rfind("\n", 0, address.start) + 1
        lead = self._lead(address, start)
        heading = self._line_above(start) if bare(lead) else None
        title = heading[1] if heading and self._is_title(*heading) else None
        role = self._label(lead, heading[0] if heading and title else start) or self._by_place(address, lead)
        self._has_original = self._has_original or role is Role.ORIGINAL
        self._last = address
        words = self._titles.get(address.start)
        if words and names_a_story(words) and (role is not Role.INLINE or self._ends_its_line(address)):
            title = words
        return role, title

    def _label(self, lead: str, below: int) -> Role | None:
        """What the words before an address say, on its line or, when that is bare, on the nearest line above `below`."""
        if found := label_of(lead):
            self._block = found if found is Role.RELATED else None
            return found
        above = self._line_above(below) if bare(lead) else None
        if above is not None and self._last is not None and self._last.end > above[0]:
            return self._block
        many = above is not None and MANY_ORIGINALS.match(above[1]) is not None
        found = Role.ORIGINAL if many else label_of(above[1]) if above else None
        self._block = found if many or found is Role.RELATED else None
        return found

    def _lead(self, address: Found, line_start: int) -> str:
        """The words before an address on its line, without the brackets of markup."""
        lead = self._text[line_start : address.start]
        if address.start in self._titles and "[" in lead:
            lead = lead[: lead.rfind("[")]
        return re.sub(r"<URL:$|[<(\[\"'“ ]+$", "", lead, flags=re.IGNORECASE)

    def _line_above(self, line_start: int) -> tuple[int, str] | None:
        """Start and words of the nearest line above that is not blank, at most two lines up."""
        base = max(0, line_start - MAX_LINE)
        window = self._text[base:line_start]
        above = window.rstrip(" \t\n>")
        if not above or window.count("\n", len(above)) > 2:
            return None
        line = above[above.rfind("\n") + 1 :]
        return base + len(above) - len(line), line.strip()

    def _is_title(self, start: int, line: str) -> bool:
        """A line for itself that reads like a headline: at the top, below a blank line, a label or another address."""
        if len(line) > MAX_TITLE or re.search(r"[.,;:!]$", line) or not names_a_story(line):
            return False
        if self._last is not None and self._last.end > start:
            return False
        before = self._line_above(start)
        above_is_address = before is not None and self._last is not None and self._last.end > before[0]
        gap = re.search(r"\n[ \t>]*\n[ \t>]*$", self._text[max(0, start - 200) : start])
        return before is None or gap is not None or above_is_address or label_of(before[1]) is not None

    def _ends_its_line(self, address: Found) -> bool:
        end = self._text.find("\n", address.end)
        return re.fullmatch(r"[\W_]*", self._text[address.end : end if end >= 0 else len(self._text)]) is not None

    def _by_place(self, address: Found, lead: str) -> Role:
        """The first with a line for itself is the document's own; what stands below an original belongs to it."""
        if self._unlabelled is not None:
            return self._unlabelled
        if not bare(lead) or address.start in self._titles or not self._ends_its_line(address):
            return Role.INLINE
        return Role.RELATED if self._has_original else Role.ORIGINAL


def label_of(words: str) -> Role | None:
    """The role that a label such as `Original url:` or `Read also` gives; None for other words."""
    if ORIGINAL.match(words):
        return Role.ORIGINAL
    return Role.RELATED if words and RELATED.match(words) else None


def bare(lead: str) -> bool:
    """Nothing but signs before the address: a bullet, a bracket, a quote mark, a number."""
    return re.fullmatch(r"[\W_]*(\d+[.)]\s*)?[\W_]*", lead) is not None


def names_a_story(words: str) -> bool:
    """Whether words are a headline rather than "here" or "read more": three words, or as much in a script without blanks."""
    if RELATED.match(words) or ORIGINAL.match(f"{words}:") or "://" in words:
        return False
    return (
        len(re.findall(r"[^\W_]+", words)) >= 3
        or len(re.findall(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]", words)) >= 6
    )


def _with_titles(text: str, mentions: list[Mention]) -> list[Mention]:
    """`Related article: TITLE` in the prose names one of the related addresses: the one whose slug has its words."""
    titles = [" ".join(match["title"].split()) for match in RELATED_TITLE.finditer(text)]
    titles = [title for title in titles if "://" not in title and "www." not in title][:MAX_TITLES]
    related = [mention for mention in mentions if mention.role is Role.RELATED and mention.title is None]
    named: dict[int, str] = {}
    for mention in related[:MAX_TITLES]:
        best = max(titles, key=lambda title: _likeness(title, mention), default=None)
        if best is not None and _likeness(best, mention) >= 0.5:
            named[mention.start] = best
            titles.remove(best)
    left = [mention for mention in related if mention.start not in named]
    if len(left) == len(titles):  # nothing else to go by: in their order
        named |= {mention.start: title for mention, title in zip(left, titles, strict=True) if not slug_words(mention.url)}
    return [replace(mention, title=named[mention.start]) if mention.start in named else mention for mention in mentions]


def _likeness(title: str, mention: Mention) -> float:
    """Share of the slug's words that the title holds."""
    said = set(re.findall(r"[^\W_]+", title.lower().replace("'", "").replace("’", "")))
    words = slug_words(mention.url)
    return sum(word in said for word in words) / len(words) if words else 0.0
