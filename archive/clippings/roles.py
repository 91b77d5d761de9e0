"""What an address is to its document: told by the words before it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from archive.clippings.addresses import Found
from archive.models import Mention, Role
from archive.urls import slug_words

_ORIGINAL = re.compile(
    r"^\W*(original(\s+(url|link|article|story|source))?|source(\s+url)?|url|link|permalink|web\s*address|address|retrieved from|available at|from|read at"
    r"|quelle|originaladresse|original-?link|источник|оригинал|ссылка|fuente|enlace|fonte|lien( original)?|źródło|bron|källa|kilde|zdroj|kaynak"
    r"|出典|来源|원문|المصدر)\s*(url|link)?\s*[:：=]\s*$",
    re.IGNORECASE,
)
_RELATED = re.compile(
    r"^\W*(related(\s+(articles?|stor(y|ies)|links?|urls?|reading))?|see also|read (more|also|next)|more|also|further reading|background|earlier"
    r"|mehr zum thema|siehe auch|lesen sie auch|lire aussi|voir aussi|lea también|ver también|leggi anche|leia (também|mais)|zobacz (też|także)"
    r"|lees ook|läs (också|mer)|по теме|читайте также|см\. также|関連記事|相关)\s*[:：]?\s*$",
    re.IGNORECASE,
)
_RELATED_TITLE = re.compile(
    r"^[ \t>*#•-]*(?:related(?: (?:article|story|reading))?|read (?:more|also)|see also|also read|mehr zum thema|lesen sie auch|lire aussi|lea también"
    r"|leggi anche|leia também|zobacz też|lees ook|читайте также)\s*[:：]\s*(?P<title>\S.{8,250}?)\s*$",
    re.IGNORECASE | re.MULTILINE,
)


def mentions_of(text: str, found: Sequence[Found], titles: dict[int, str] | None = None) -> list[Mention]:
    """Each address with its role; related ones with the title that the document gives them elsewhere.

    `titles` are those that the markup gives, by the start of the address.
    """
    mentions: list[Mention] = []
    apparatus = False  # an original stands above: bare addresses below it belong to it
    for address in found:
        role, apparatus = _role(text, address, mentions, apparatus=apparatus)
        title = (titles or {}).get(address.start)
        mentions.append(Mention(address.candidates, role, address.start, address.end, address.raw, title))
    return _with_titles(text, mentions)


def _role(text: str, address: Found, before: list[Mention], *, apparatus: bool) -> tuple[Role, bool]:
    line_start = text.rfind("\n", 0, address.start) + 1
    lead = text[line_start : address.start]
    if _ORIGINAL.match(lead) or (_bare(lead) and _ORIGINAL.match(_line_above(text, line_start))):
        return Role.ORIGINAL, True
    if _RELATED.match(lead) or (_bare(lead) and _RELATED.match(_line_above(text, line_start))):
        return Role.RELATED, apparatus
    if not _alone(text, address, lead):
        return Role.INLINE, apparatus
    if apparatus:
        return Role.RELATED, True
    if any(mention.role is Role.ORIGINAL for mention in before):
        return Role.RELATED, apparatus
    return Role.ORIGINAL, True


def _bare(lead: str) -> bool:
    """Nothing but signs before the address: a bullet, a bracket, a quote mark."""
    return re.fullmatch(r"[\W_]*(\d+[.)]\s*)?", lead) is not None


def _alone(text: str, address: Found, lead: str) -> bool:
    """The address has its line for itself."""
    end = text.find("\n", address.end)
    rest = text[address.end : end if end >= 0 else len(text)]
    return _bare(lead) and re.fullmatch(r"[\W_]*", rest) is not None


def _line_above(text: str, line_start: int) -> str:
    """The nearest line above that is not blank, at most two lines up."""
    end = line_start - 1
    for _ in range(2):
        if end <= 0:
            return ""
        start = text.rfind("\n", 0, end) + 1
        if line := text[start:end].strip():
            return line
        end = start - 1
    return ""


def _with_titles(text: str, mentions: list[Mention]) -> list[Mention]:
    """`Related article: TITLE` in the prose names one of the related addresses: the one whose slug has its words."""
    titles = [" ".join(match["title"].split()) for match in _RELATED_TITLE.finditer(text) if "://" not in match["title"]]
    related = [mention for mention in mentions if mention.role is Role.RELATED and mention.title is None]
    named: dict[int, str] = {}
    for mention in related[:200]:
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
