"""A folder of Markdown, one file an article, in a folder for each year of publication."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import Any

from archive.export.base import Source, Tally
from archive.render.markdown import markdown
from archive.urls import slug

_LONGEST = 100  # bytes of words in a name: with date, number and extension far below the 255 that file systems allow


class Markdown:
    name = "md"

    def fill(self, source: Source, folder: Path) -> Tally:
        tally = Tally()
        for article in source.articles():
            path = folder / path_of(article)
            path.parent.mkdir(exist_ok=True)
            path.write_text(markdown(article), encoding="utf-8", newline="\n")
            tally.count += 1
        return tally


def path_of(article: dict[str, Any]) -> Path:
    """`2021/2021-03-12-storm-gates-close-17.md`: letters and digits of any script and hyphens, lower case, in form NFC.

    The article's number at its end makes it the only one of that name whatever a file system folds, and no name is one
    of those that Windows keeps for devices (`con`, `nul.txt`), since a number ends it.
    """
    day = re.match(r"\d{4}(-\d\d(-\d\d)?)?", article["published"] or "", re.ASCII)
    words = _words(article["title"] or "") or _words(slug(article["url"]))
    name = "-".join(part for part in (day[0] if day else "", words, str(article["id"])) if part)
    return Path(day[0][:4] if day else "undated") / f"{name}.md"


def _words(text: str) -> str:
    """The words of a title, cut to what fits; marks that belong to letters stay with them."""
    plain = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text[:1000]).casefold())
    kept = "".join(sign if unicodedata.category(sign)[0] in "LMN" else "-" for sign in plain)
    joined = re.sub("-+", "-", kept).strip("-")
    if len(joined.encode()) > _LONGEST:
        joined = joined.encode()[:_LONGEST].decode("utf-8", "ignore")
        joined = joined.rpartition("-")[0] or joined
    return joined
