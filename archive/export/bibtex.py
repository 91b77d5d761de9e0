"""BibTeX for biblatex: an `@online` entry an article, with the day it was seen and where a copy is."""

from __future__ import annotations

import re
from typing import Any, BinaryIO

from archive.export.base import Source, Tally
from archive.terminal import safe
from archive.urls import site

# BibTeX counts braces even behind a backslash, so that they cannot be escaped as LaTeX does it (btxdoc, section 4).
_SIGNS = {
    "\\": "\\textbackslash{}",
    "{": "\\textbraceleft{}",
    "}": "\\textbraceright{}",
    "~": "\\textasciitilde{}",
    "^": "\\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "$&#%_"},
}
_UNFIT_FOR_URL = re.compile(r"[\\{}\s\"<>^`|\x00-\x1f\x7f-\x9f]")


class BibTeX:
    name = "bibtex"
    extension = ".bib"
    binary = False
    seeks = False

    def write(self, source: Source, out: BinaryIO) -> Tally:
        tally = Tally()
        for article in source.articles():
            out.write(entry(article).encode("utf-8", "replace"))
            tally.count += 1
        return tally


def entry(article: dict[str, Any]) -> str:
    """One entry and the blank line after it."""
    day = re.match(r"\d{4}(-\d\d(-\d\d)?)?", article["published"] or "", re.ASCII)
    fields = {
        "author": " and ".join(map(_name, article["authors"])),
        "title": f"{{{latex(article['title'] or '')}}}" if article["title"] else "",
        "organization": latex(article["site"] or ""),
        "date": day[0] if day else "",
        "url": _address(article["url"]),
        "urldate": article["captured"][:10],
        "addendum": f"Archived: \\url{{{_escaped_address(article['archive_url'])}}}" if article["archive_url"] else "",
    }
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@online{{{_key(article, day[0] if day else '')},\n{lines}}}\n\n"


def latex(text: str) -> str:
    """One line of text in which LaTeX sees no command."""
    return "".join(_SIGNS.get(sign, sign) for sign in safe(text))


def _name(author: str) -> str:
    """A name as BibTeX takes it apart; in braces where a comma or an `and` belongs to it."""
    name = latex(author)
    return f"{{{name}}}" if "," in name or re.search(r"(?:^|\s)and(?:\s|$)", name, re.IGNORECASE) else name


def _key(article: dict[str, Any], day: str) -> str:
    """`harbour-gazette-2021-17`: letters, digits and hyphens, and no other article's."""
    name = re.sub(r"[^a-z0-9]+", "-", site(article["url"]).rpartition(".")[0].lower()).strip("-")
    return "-".join(part for part in (name or "page", day[:4], str(article["id"])) if part)


def _address(url: str) -> str:
    """biblatex reads `url` as it stands, up to the closing brace."""
    return _UNFIT_FOR_URL.sub(lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode()), url)


def _escaped_address(url: str) -> str:
    """Inside another field a percent sign would begin a comment."""
    return re.sub(r"[%#]", r"\\\g<0>", _address(url))
