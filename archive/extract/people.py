"""Names of people and agencies in a text, without "By", roles, dates, addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

MAX_NAME = 120  # characters

_BY = r"\A\W*(?:by|von|par|por|di|av|af|door|text(?:o|e)?|autor(?:in|es|a)?|автор|текст)\s*(?:(?<=\w)\s|:)\s*"
LEADING = re.compile(_BY, re.IGNORECASE)
BYLINE = re.compile(rf"{_BY}(?=[^\W\d_])", re.IGNORECASE)
ALONE = re.compile(r"\W*(?:by|von|par|por|di|av|af|door|автор|текст)\W*", re.IGNORECASE)  # the name is in the next line
_GLUED = re.compile(r"By(?=[A-ZÀ-Þ])")  # "ByJOHN SMITH": two elements with nothing between
_AND = re.compile(r"\s*[;|]\s*|\s+(?:and|und|et|y|e|og|och|en|i|&)\s+(?=[A-ZÀ-Þ])")
_ROLE = re.compile(
    r"\b(editor|reporter|correspondent|writer|staff|journalist\w*|redakt\w+|korrespondent\w*|professor\w*|profesorius|contributor"
    r"|columnist|analyst|director)\b|^\w+\.(com|org|net|[a-z]{2})$|^(ph\.?d|m\.?d|m\.?a|mba|mph|r\.?d|r\.?n|j\.?d|esq)\.?$",
    re.IGNORECASE,
)


def people_in(texts: Iterable[str]) -> tuple[str, ...]:
    """Each name once, in order; what is only a role is none beside a name."""
    found: dict[str, None] = {}
    for text in texts:
        if not (found and _ROLE.search(text) and len(text) < MAX_NAME):
            found.update(dict.fromkeys(names_in(text)))
    return tuple(found)


def names_in(text: str) -> Iterator[str]:
    """The names in one text; addresses, handles and roles are none."""
    if "://" in text or text.startswith("www."):
        return
    text = re.sub(r"\([^)]*\)", "", text)
    for index, part in enumerate(_parts(without_by(text))):
        name = without_by(part).strip(" ,;:-–—")
        if name and _is_name(name) and not (index and _ROLE.search(name)):
            yield name


def without_by(text: str) -> str:
    """Without "By", "Von" and their like at the beginning."""
    return _GLUED.sub("", LEADING.sub("", text, count=1), count=1)


def _parts(text: str) -> Iterator[str]:
    """Split at semicolons and at "and"; at commas too, except between a single word and another: "Smith, John"."""
    for part in _AND.split(text):
        pieces = re.split(r"\s*,\s+", part)
        yield from pieces if len(pieces) > 2 or " " in pieces[0] else [part]


def _is_name(name: str) -> bool:
    return "@" not in name and len(name) <= MAX_NAME and not _NOBODY.fullmatch(name)


_NOBODY = re.compile(r"[\d\W]+|[a-z]+(-[a-z]+)+|(?i:null|none|undefined|unknown|no author|n/a)")


_PERSON = re.compile(r"[^\W\d_a-zß-ÿ][\w.'’\-]*(?:\s+(?:[\w'’\-]+\.?|[a-z]{2,3})){1,5}")
_NO_NAME = re.compile(
    r"\d|\b(follow|find|published|updated|min|read|share|contact|comments?|about|more|posted|modified|uhr|stand|aktualisiert|news|photos?"
    r"|watch|live|listen|subscribe|log|sign|menu|search|print|email|video|breaking|latest|view|see|all|the)\b",
    re.IGNORECASE,
)


def is_pen_name(name: str) -> bool:
    """True for one word that may sign an article, where the page says that it does: "AFP", "Heiko"."""
    return re.fullmatch(r"[^\W\d_][\w.'’\-]{1,29}", name) is not None and not _NO_NAME.search(name)


def is_person(name: str) -> bool:
    """True for what looks like the name of one person."""
    return bool(_PERSON.fullmatch(name)) and not _NO_NAME.search(name) and not name.rsplit(maxsplit=1)[-1][0].islower()
