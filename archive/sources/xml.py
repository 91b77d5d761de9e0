"""XML of strangers, read as far as it goes: the records of a feed or sitemap one by one, and what stands around them.

Bounds: no document type is kept, so that no entity can be declared (billion laughs, XXE) and nothing is loaded; no
`huge_tree`, so that libxml2's own limits hold (10 MB of text in one place, 256 levels, its amplification guard); at most
MAX_TAGS tags.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from html.entities import html5
from itertools import islice, pairwise

from lxml import etree

from archive.extract.clean import clean, printable

MAX_TAGS = 2_000_000  # 40 for each of 50,000 entries; an empty element takes libxml2 120 bytes
MAX_TEXT = 10_000  # characters of one element that anyone reads

DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", re.IGNORECASE | re.DOTALL)
_OPEN = re.compile(r"<!--|<!\[CDATA\[|<!DOCTYPE", re.IGNORECASE)
_REFERENCE = re.compile(r"&(?:(#x?[0-9a-f]{1,8}|[a-z][a-z0-9]{1,31});)?", re.IGNORECASE)
_FIVE = frozenset({"amp", "lt", "gt", "quot", "apos"})  # that XML itself knows


@dataclass(frozen=True, slots=True)
class Parsed:
    """`root` is the outermost element, None when there is none; `records` are those asked for; `problem` says why not all could
    be read as they stood."""

    root: etree._Element | None
    records: tuple[etree._Element, ...]
    problem: str | None = None


def plain_xml(text: str) -> str:
    """Text that libxml2 loses nothing of: from its first tag on, without comments, document type, signs that XML has not and
    entities that only HTML has or that nobody knows; a bare ampersand is one."""
    text = printable(text)
    return "".join(_pieces(text[max(text.find("<"), 0) :]))


def _pieces(text: str) -> Iterator[str]:
    """Markup with its references mended, CDATA as it is.

    What is not closed is so for all that follow: looking for its end again and again would take quadratic time.
    """
    place, unclosed = 0, set[str]()
    for match in _OPEN.finditer(text):
        opening = match[0].upper()
        if match.start() < place or opening in unclosed:
            continue
        end = _end_of(text, match.start(), opening)
        if end is None:
            unclosed.add(opening)
            continue
        yield _REFERENCE.sub(_known, text[place : match.start()])
        if opening == "<![CDATA[":
            yield text[match.start() : end]
        place = end
    yield _REFERENCE.sub(_known, text[place:])


def _end_of(text: str, start: int, opening: str) -> int | None:
    """Where what was opened is closed; None where it is not."""
    if opening == "<!DOCTYPE":
        match = DOCTYPE.match(text, start)
        return match.end() if match else None
    closing = "-->" if opening == "<!--" else "]]>"
    end = text.find(closing, start)
    return end + len(closing) if end >= 0 else None


def _known(match: re.Match[str]) -> str:
    """A reference that XML knows as it is, another as the sign it stands for, and what is none as text."""
    name = match[1]
    if not name:
        return "&amp;"
    if name[0] == "#":
        return match[0] if _is_sign(name) else " "
    if name in _FIVE:
        return match[0]
    signs = html5.get(f"{name};")
    return printable(signs) if signs else f"&amp;{name};"


def _is_sign(reference: str) -> bool:
    base, digits = (16, reference[2:]) if reference[1:2] in ("x", "X") else (10, reference[1:])
    try:
        code = int(digits, base)
    except ValueError:
        return False
    return code in (9, 10, 13) or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000


def read_records(text: str, names: tuple[str, ...]) -> Parsed:
    """All elements called one of `names`, in order.

    Where the markup is so broken that libxml2 loses records, each is read by itself: a broken one costs only itself.
    """
    plain, problem = _within(plain_xml(text))
    called = rf"(?:[\w.-]+:)?(?:{'|'.join(names)})(?=[\s/>])"
    starts = [match.start() for match in re.finditer(f"<{called}", plain, re.IGNORECASE)]
    if starts and not re.search(f"</{called}|^<{called}[^<>]*/>", plain[starts[-1] :], re.IGNORECASE):
        plain, problem = plain[: starts.pop()], problem or "it ends in the middle of an entry"  # whose address may be cut, too
    root = _parse(plain)
    found = _called(root, names)
    if len(found) < len(starts):
        alone = _one_by_one(plain, starts, names)
        if len(alone) > len(found):
            problem = problem or f"the markup is broken after {len(found)} of {len(starts)} entries; the rest was read one by one"
            return Parsed(root, tuple(alone), problem)
    return Parsed(root, tuple(found), problem)


def _within(plain: str) -> tuple[str, str | None]:
    """The text up to its MAX_TAGS-th tag."""
    if plain.count("<") <= MAX_TAGS:
        return plain, None
    end = next(islice(re.finditer("<", plain), MAX_TAGS, None)).start()
    return plain[:end], f"it has more than {MAX_TAGS} tags"


def _parse(plain: str) -> etree._Element | None:
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, encoding="utf-8",
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        return etree.fromstring(plain.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        if getattr(error, "code", None) == etree.ErrorTypes.ERR_NO_MEMORY:
            raise MemoryError from error
        return None


def _called(root: etree._Element | None, names: tuple[str, ...]) -> list[etree._Element]:
    return [element for element in root.iter() if local(element) in names] if root is not None else []


_OPENING = re.compile(r"<([\w.:-]+)((?:\s[^<>]*)?)>")


def _one_by_one(plain: str, starts: list[int], names: tuple[str, ...]) -> list[etree._Element]:
    """Each record with the namespaces of the outermost element, which is all that it needs of the rest."""
    first = _OPENING.search(plain)
    spaces = " ".join(re.findall(r"""xmlns(?::[\w.-]+)?\s*=\s*(?:"[^"]*"|'[^']*')""", first[2])) if first else ""
    found = []
    for start, end in pairwise([*starts, len(plain)]):
        found += _called(_parse(f"<record {spaces}>{plain[start:end]}</record>"), names)[:1]
    return found


# -- elements ---------------------------------------------------------------------------------------------------------


def local(element: etree._Element) -> str:
    """The name without its namespace or prefix, lower case: feeds declare the wrong one, or none."""
    return _local(element.tag)


@lru_cache(maxsize=1024)
def _local(tag: object) -> str:
    return tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(tag, str) else ""


Fields = dict[str, list[etree._Element]]
"""The children of an element by their local names."""


def fields_of(element: etree._Element | None) -> Fields:
    """Looked at once: a record is asked for a dozen names."""
    found: Fields = {}
    for child in element if element is not None else ():
        found.setdefault(local(child), []).append(child)
    return found


def text_in(fields: Fields, *names: str) -> str | None:
    """The text of the first child of these names that has some, on one line."""
    return next((text for name in names for child in fields.get(name, ()) if (text := text_of(child))), None)


def text_of(element: etree._Element) -> str | None:
    """All text in an element, on one line."""
    return clean("".join(map(str, element.itertext()))[:MAX_TEXT])


def attribute(element: etree._Element, name: str) -> str | None:
    """An attribute, whatever its namespace."""
    found = (value for key, value in element.attrib.items() if str(key).rpartition("}")[2].rpartition(":")[2].lower() == name)
    return clean(str(next(found, "")))
