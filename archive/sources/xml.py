"""XML of strangers, read as far as it goes: the records of a feed or sitemap one by one, and what stands around them.

Bounds: no document type is kept, so that no entity can be declared (billion laughs, XXE) and nothing is loaded; no
`huge_tree`, so that libxml2's own limits hold (10 MB of text in one place, 256 levels, its amplification guard); at most
MAX_TAGS tags.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.entities import html5
from itertools import islice, pairwise

from lxml import etree

from archive.extract.clean import clean, printable

MAX_TAGS = 2_000_000  # 40 for each of 50,000 entries; an empty element takes libxml2 120 bytes
MAX_TEXT = 10_000  # characters of one element that anyone reads

_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]*(?:\[[^\]]*\]\s*)?>", re.IGNORECASE)
_REFERENCE = re.compile(r"&(?:(#x?[0-9a-f]{1,8}|[a-z][a-z0-9]{1,31});)?", re.IGNORECASE)
_FIVE = frozenset({"amp", "lt", "gt", "quot", "apos"})  # that XML itself knows
_CDATA = re.compile(r"(<!\[CDATA\[.*?\]\]>)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Parsed:
    """`root` is the outermost element, None when there is none; `records` are those asked for; `problem` says why not all could
    be read as they stood."""

    root: etree._Element | None
    records: tuple[etree._Element, ...]
    problem: str | None = None


def plain_xml(text: str) -> str:
    """Text that libxml2 loses nothing of: without document type, signs that XML has not and entities that only HTML has; a bare
    ampersand is one."""
    text = _DOCTYPE.sub("", printable(text), count=1)
    start = text.find("<")
    parts = _CDATA.split(text[max(start, 0) :])
    return "".join(part if part.startswith("<![CDATA[") else _REFERENCE.sub(_known, part) for part in parts)


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
    if starts and not re.search(f"</{called}", plain[starts[-1] :], re.IGNORECASE):
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
    tag = element.tag
    return tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(tag, str) else ""


def children(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    """The children of these names, in the order of the names."""
    for name in names:
        yield from (child for child in element if local(child) == name)


def text_in(element: etree._Element, *names: str) -> str | None:
    """The text of the first child of these names that has some, on one line."""
    return next((text for child in children(element, *names) if (text := text_of(child))), None)


def text_of(element: etree._Element) -> str | None:
    """All text in an element, on one line."""
    return clean("".join(map(str, element.itertext()))[:MAX_TEXT])


def attribute(element: etree._Element, name: str) -> str | None:
    """An attribute, whatever its namespace."""
    found = (value for key, value in element.attrib.items() if str(key).rpartition("}")[2].rpartition(":")[2].lower() == name)
    return clean(str(next(found, "")))
