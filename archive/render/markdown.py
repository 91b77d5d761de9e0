"""An article as Markdown with YAML front matter. Everything that came from a page is text: nothing in it is markup."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from archive.terminal import json_line

FRONT = (
    "title",
    "authors",
    "published",
    "modified",
    "site",
    "language",
    "url",
    "canonical_url",
    "origin",
    "archive_url",
    "captured",
    "first_seen",
    "last_seen",
    "id",
)
# Beyond what JSON escapes: what YAML does not allow as it is, or takes for the end of a line (YAML 1.2.2, 5.1 and 5.4).
_NOT_YAML = re.compile("[\x7f-\xa0\u2028\u2029\ufeff\ufffe\uffff]")
# Signs that begin something wherever they stand (CommonMark 0.31, 6), and those that do so at the start of a line (4 and 5).
_INLINE = re.compile(r"[\\`*\[\]<]|&(?=#?\w{1,32};)|~(?=~)|(?<!\w)_|_(?!\w)|(?<=!)(?=\[)")
_AT_START = re.compile(r"^(?:([#>+=~|-])|(\d{1,9})([.)]))")


def markdown(article: Mapping[str, Any]) -> str:
    """The document: `---`, what is known of the article, `---`, its title as a heading, its paragraphs."""
    front = "".join(f"{name}: {_yaml(article[name])}\n" for name in FRONT if article.get(name) not in (None, [], ()))
    title = " ".join(str(article.get("title") or "").split())
    paragraphs = [line for line in re.split(r"[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+", article["text"]) if line.strip()]
    blocks = [f"# {escaped(title)}"] if title else []
    blocks += [escaped(line.strip()) for line in paragraphs]
    return f"---\n{front}---\n\n" + "\n\n".join(blocks) + "\n"


def escaped(line: str) -> str:
    """One line of text with a backslash before each sign that Markdown would act on."""
    text = _INLINE.sub(lambda match: "\\" + match[0], line)
    return _AT_START.sub(lambda match: f"\\{match[1]}" if match[1] else f"{match[2]}\\{match[3]}", text)


def _yaml(value: Any) -> str:
    """A value in YAML's JSON form, which needs no other rules of quoting."""
    if isinstance(value, int | list | tuple):
        return "[" + ", ".join(map(_yaml, value)) + "]" if not isinstance(value, int) else json.dumps(value)
    return _NOT_YAML.sub(lambda match: f"\\u{ord(match[0]):04x}", json_line(str(value)))
