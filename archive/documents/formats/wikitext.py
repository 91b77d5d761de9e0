"""Wikitext: external links, bare addresses, citation templates (MediaWiki's Help:Links, Help:Templates)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from html import unescape

from archive.documents.base import Found, Spot, Unwritable
from archive.documents.formats.wiki_templates import CitedUrl, Family, Template, family_of, templates, value_spelling
from archive.documents.scan import bare_addresses, blanked, enclosed, paired
from archive.documents.spelling import bare, percent
from archive.documents.words import moment

_TAGS = "nowiki|pre|syntaxhighlight|source|math|score|timeline|templatedata|graph"
_HIDDEN = re.compile(rf"<!--|<(?P<tag>{_TAGS})\b[^<>]*(?<!/)>|<[a-z][^<>]*>", re.IGNORECASE)
_EXTERNAL = re.compile(r"(?<!\[)\[(?P<url>(?:https?:)?//(?:(?!'')[^\s\[\]<>\"|])+)(?P<words>[^\]\n]{0,2000})\]", re.IGNORECASE)
_WEBARCHIVE = re.compile(r"(?:[ \t]*(?=\{\{\s*webarchive\b))", re.IGNORECASE)
_MARKS = re.compile(
    r"\{\{\s*cite |\[\[[^\]\n]+\]\]|<ref[ >]|^==+[^=\n]+==+[ \t]*$|\[https?://\S+ [^\]\n]+\]", re.IGNORECASE | re.MULTILINE
)
_UNKNOWN = "it stands in a template whose parameters for captures are not known"


class Wikitext:
    """Anything with citation templates, references, internal links or section titles."""

    name = "wikitext"
    extensions = (".wiki", ".wikitext", ".mediawiki")

    def matches(self, view: str) -> bool:
        return bool(_MARKS.search(view[:100_000]))

    def find(self, view: str, warn: Callable[[str], None]) -> Iterable[Found]:  # noqa: ARG002
        rest = blanked(view, enclosed(view, _HIDDEN, _closing))
        all_templates = list(templates(rest))
        found = list(_citations(rest, all_templates))
        rest = blanked(rest, [*((link.start, link.end) for link in found), *_captures(all_templates)])
        found += _external(rest)
        rest = blanked(rest, (link.outer for link in found if not isinstance(link.place, CitedUrl)))
        found += _bare(rest)
        archived = {t.start: t for t in all_templates if t.name == "webarchive" and t.get("url")}
        return _with_webarchives(view, _placed(rest, found, all_templates, archived.values()), archived)


def _closing(opening: re.Match[str]) -> str:
    """What ends a comment (the end of the text, too), a block without markup, and any other tag: nothing more."""
    if opening[0] == "<!--":
        return r"-->|\Z"
    return rf"</{opening['tag'].lower()}\s*>" if opening["tag"] else ""


def _citations(view: str, found: list[Template]) -> Iterator[Found]:
    """The addresses of citation templates, with what the template says of the article."""
    for template in found:
        family = family_of(template)
        url = template.get(*family.url) if family else None
        if (
            family is None
            or url is None
            or not re.fullmatch(r"(?:https?:)?//\S+|www\.\S+", view[url.start : url.end], re.IGNORECASE)
        ):
            continue
        value = partial(_value, view, template)
        yield Found(
            url.start,
            url.end,
            unescape_value(view[url.start : url.end]),
            CitedUrl(view, template, family, url),
            (template.start, template.end),
            title=value(family.title),
            date=moment(value(family.date)),
            accessed=moment(value(family.accessed)),
            archived=_archived(view, template, family),
        )


def _captures(found: list[Template]) -> Iterator[tuple[int, int]]:
    """The captures that citation templates state: they belong to the address beside them."""
    for template in found:
        family = family_of(template)
        for parameter in template.parameters if family else ():
            if family and parameter.name in family.archive_url:
                yield parameter.start, parameter.end


def _archived(view: str, template: Template, family: Family) -> str | None:
    return _value(view, template, family.archive_url)


def _value(view: str, template: Template, names: tuple[str, ...]) -> str | None:
    parameter = template.get(*names)
    return _plain(view[parameter.start : parameter.end]) or None if parameter else None


def _plain(markup: str) -> str:
    text = re.sub(r"\[\[(?:[^\]|]*\|)?([^\]|]*)\]\]", r"\1", markup)
    return " ".join(unescape(re.sub(r"'{2,}|<[^>]*>", "", text)).split())


def unescape_value(raw: str) -> str:
    """Character references with their semicolon, and `{{=}}`."""
    return re.sub(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|\w{2,31});", lambda match: unescape(match[0]), raw, flags=re.IGNORECASE)


def _external(view: str) -> Iterator[Found]:
    for match in _EXTERNAL.finditer(view):
        spot = Spot(value_spelling, _aside, match.end())
        yield Found(*match.span("url"), unescape_value(match["url"]), spot, match.span(), words=_plain(match["words"]))


def _bare(view: str) -> Iterator[Found]:
    for start, end in bare_addresses(view, stop="''"):
        spot = Spot(_bare_spelling, _aside, end)
        yield Found(start, end, unescape_value(view[start:end]), spot, (start, end))


def _bare_spelling(url: str) -> str:
    return percent(bare(url), "'")


def _aside(label: str, url: str) -> str:
    return f" ([{value_spelling(url)} {label}])"


# -- templates around links -------------------------------------------------------------------------------------------


def _placed(view: str, found: list[Found], all_templates: list[Template], archived: Iterable[Template]) -> Iterator[Found]:
    """Links outside `{{webarchive}}`; inside other templates and file links nothing is added to them."""
    skip = [(t.start, t.end) for t in archived]
    spans = [(t.start, t.end) for t in all_templates if t.name not in ("refn", "efn", "reflist", "notelist")]
    files = [match.span() for match in re.finditer(r"\[\[(?:[^\[\]]|\[[^\[\]]*\])*\]\]", view)]
    inner = _Cover([*spans, *files])
    hidden = _Cover(skip)
    unnamed = _Cover((p.start, p.end) for t in all_templates for p in t.parameters if p.equals is None)
    for link in found:
        if hidden.holds(link.start):
            continue
        if isinstance(link.place, CitedUrl) or not isinstance(link.place, Spot) or not inner.holds(link.start):
            yield link
            continue
        spelling = partial(_unnamed_spelling, link.place.spelling) if unnamed.holds(link.start) else link.place.spelling
        yield replace(link, place=replace(link.place, spelling=spelling, after=None, reason=_UNKNOWN))


class _Cover:
    """Which characters lie in any of some spans, which may nest."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        merged: list[tuple[int, int]] = []
        for start, end in sorted(spans):
            if merged and start < merged[-1][1]:
                merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
            else:
                merged.append((start, end))
        self._starts, self._ends = [a for a, _ in merged], [b for _, b in merged]

    def holds(self, place: int) -> bool:
        at = bisect_right(self._starts, place) - 1
        return at >= 0 and place < self._ends[at]


def _unnamed_spelling(spelling: Callable[[str], str], url: str) -> str:
    text = spelling(url)
    if "=" in text:
        raise Unwritable("with its sign `=` it would be the name of a parameter: write `1=` before it in the template")
    return text


def _with_webarchives(view: str, found: Iterable[Found], archived: dict[int, Template]) -> Iterator[Found]:
    """`{{webarchive|url=…}}` behind a link is the capture that stands beside it."""
    for link in paired(view, found):
        beside = _WEBARCHIVE.match(view, link.outer[1])
        template = archived.get(beside.end()) if beside else None
        stated = _value(view, template, ("url",)) if template else None
        yield replace(link, archived=link.archived or stated)
