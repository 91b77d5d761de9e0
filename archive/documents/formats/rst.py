"""reStructuredText: embedded addresses, targets, bare addresses (docutils' specification, "Hyperlink References")."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from archive.documents.base import Aside, Edit, Found, Place, Spot, Unwritable
from archive.documents.formats.rst_blocks import hidden, stiff
from archive.documents.scan import bare_addresses, blanked, paired
from archive.documents.spelling import bare, percent, safe

_LITERAL = re.compile(r"(?<!\\)``(?=\S)(?:[^\n]|\n(?![ \t]*\n)){0,2000}?(?<=\S)``")
_EMBEDDED = re.compile(r"`(?P<words>[^`<>]*?)\s*<(?P<url>[^<>`]+)>`__?")
_TARGET = re.compile(
    r"^[ \t]*(?:\.\. _(?P<name>`[^`\n]+`|(?:[^:\n`]|:(?!\s))+|_):|__)[ \t]+"
    r"(?P<url>[^\s`][^\n]*(?:\n[ \t]+(?!\.\.)\S+[ \t]*(?=\n|\Z))*)",
    re.MULTILINE,
)
_LINK_OPTION = re.compile(r"^[ \t]+:target:[ \t]+(?P<url>https?://\S+)[ \t]*$", re.MULTILINE)
_USE = re.compile(r"`(?P<quoted>[^`<>]+)`_(?!_)|(?<![\w`_])(?P<simple>\w+(?:[-.+:]\w+)*)_(?![\w_])")
_FIELD = re.compile(r"[ \t]*(?:\.\. (?:\|[^|\n]+\| )?[\w:.+-]+::|:[^:\n]+:)")
_UNFINISHED = re.compile(r"[^A-Za-z0-9/=+]\Z")
_MARKS = re.compile(r"^\.\. [\w-]+::|^\.\. _[^:\n]+:|`[^`\n]+<https?://[^>\n]+>`__?|^:\w+: ", re.MULTILINE)


class RestructuredText:
    """Anything with directives, targets or embedded addresses."""

    name = "rst"
    extensions = (".rst", ".rest")

    def matches(self, view: str) -> bool:
        return bool(_MARKS.search(view[:100_000]))

    def find(self, view: str, warn: Callable[[str], None]) -> Iterable[Found]:  # noqa: ARG002
        prose = blanked(view, hidden(view))
        prose = blanked(prose, (match.span() for match in _LITERAL.finditer(prose)))
        targets = list(_targets(prose))
        rest = blanked(prose, (found.outer for found in targets))
        found = [*_embedded(rest), *_options(rest)]
        rest = blanked(rest, (link.outer for link in found))
        found += [*_uses(rest, {target.key for target in targets}), *_bare(rest)]
        return _within_lines(view, _with_targets(targets, paired(view, found)))


def _embedded(view: str) -> Iterator[Found]:
    """`` `words <url>`_ ``; an address may be wrapped, blanks in it do not count."""
    for match in _EMBEDDED.finditer(view):
        url = match["url"]
        if not url.endswith("_") or url.endswith("\\_"):
            yield Found(
                *match.span("url"), _value(url), Spot(_spelling, _aside, match.end()), match.span(), words=_words(match["words"])
            )


def _targets(view: str) -> Iterator[Found]:
    """`.. _name: url` and `__ url`."""
    for match in _TARGET.finditer(view):
        url = match["url"].rstrip()
        start = match.start("url")
        if re.match(r"https?://", url, re.IGNORECASE) and (not url.endswith("_") or url.endswith("\\_")):
            name = (match["name"] or "_").strip("`")
            spot = Spot(_spelling, _aside, None, "no link of the text uses this target")
            outer = (match.start(), start + len(url))
            yield Found(start, start + len(url), _value(url), spot, outer, key=_key(name) if name != "_" else None)


def _options(view: str) -> Iterator[Found]:
    """`:target:` of an image."""
    for match in _LINK_OPTION.finditer(view):
        span = match.span("url")
        yield Found(*span, match["url"], Spot(safe, _aside, None, "nothing can be added to an option"), span)


def _uses(view: str, keys: set[str | None]) -> Iterator[Found]:
    for match in _USE.finditer(view):
        words = match["quoted"] or match["simple"]
        if (key := _key(words)) in keys:
            yield Found(*match.span(), "", Spot(safe, _aside, match.end()), match.span(), words=_words(words), key=key)


def _bare(view: str) -> Iterator[Found]:
    for start, end in bare_addresses(view):
        field = _FIELD.match(view, view.rfind("\n", 0, start) + 1, start)
        spot = Spot(_bare_spelling, _aside, None if field else end, "nothing can be added to a field")
        yield Found(start, end, view[start:end], spot, (start, end))


def _key(name: str) -> str:
    return " ".join(re.sub(r"\\(.)", r"\1", name).split()).casefold()


def _value(raw: str) -> str:
    return re.sub(r"\\(.)", r"\1", re.sub(r"\s+", "", raw))


def _words(markup: str) -> str:
    return re.sub(r"\\(.)", r"\1", " ".join(markup.split()))


def _spelling(url: str) -> str:
    """An underscore at the end would make it the name of another target."""
    text = safe(url)
    return text[:-1] + "\\_" if text.endswith("_") else text


def _bare_spelling(url: str) -> str:
    """docutils knows one `?` and one `#`, and ends the parts before them, and the address, with a letter, digit, `/`, `=`
    or `+` (its `standalone_uri`, 0.23); a `_` at the end of a word would be a reference."""
    plain = percent(bare(url), "'")
    plain = percent(plain, "()") if plain.endswith(")") else plain
    text, hash_, fragment = re.sub(r"_(?![A-Za-z0-9])", "%5F", plain).partition("#")
    path, mark, query = text.partition("?")
    if mark and not query:
        raise Unwritable("its query is empty, which ends an address in reStructuredText")
    parts = (path, mark, percent(query, "?"), hash_, percent(fragment, "#?"))
    return "".join(
        _UNFINISHED.sub(lambda match: percent(match[0], match[0]), part) if part not in "?#" else part for part in parts
    )


def _aside(label: str, url: str) -> str:
    return f" (`{label} <{_spelling(url)}>`__)"


def _with_targets(targets: list[Found], found: list[Found]) -> Iterator[Found]:
    """The links, and each target with the words of its first use, beside which things are set."""
    first: dict[str | None, Found] = {}
    for link in found:
        if link.key is None:
            yield link
        else:
            first.setdefault(link.key, link)
    for target in targets:
        use = first.get(target.key) if target.key is not None else None
        place = replace(target.place, after=use.outer[1]) if use and isinstance(target.place, Spot) else target.place
        yield replace(target, place=place, words=use.words if use else None, archived=use.archived if use else None)


@dataclass(frozen=True, slots=True)
class _Stiff:
    """A place in a line whose width the syntax depends on: an address of the same length fits, nothing else does."""

    place: Place
    length: int

    def spelled(self, url: str) -> str:
        text = self.place.spelled(url)
        if len(text) != self.length:
            raise Unwritable("it stands in a table or a title, whose columns would shift")
        return text

    def beside(self, aside: Aside) -> tuple[Edit, ...]:  # noqa: ARG002
        raise Unwritable("it stands in a table or a title, whose columns would shift")


def _within_lines(view: str, found: Iterable[Found]) -> Iterator[Found]:
    spans = stiff(view)
    starts = [start for start, _ in spans]
    for link in found:
        at = bisect_right(starts, link.start) - 1
        inside = at >= 0 and link.start < spans[at][1]
        yield replace(link, place=_Stiff(link.place, link.end - link.start)) if inside else link
