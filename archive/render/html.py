"""An article as a web page that stands alone and does nothing: text only, escaped, under a strict Content-Security-Policy."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from html import escape
from typing import Any

_STYLE = (
    ":root{color-scheme:light dark}body{font:1.125rem/1.6 Georgia,serif;max-width:40rem;margin:2rem auto;padding:0 1rem}"
    "h1{line-height:1.2}dl{display:grid;grid-template-columns:max-content 1fr;gap:0 1rem;font:.875rem/1.5 sans-serif}"
    "dd{margin:0;overflow-wrap:anywhere}"
)
_POLICY = f"default-src 'none'; style-src 'sha256-{b64encode(sha256(_STYLE.encode()).digest()).decode()}'; base-uri 'none'"
_FACTS = (
    ("by", "authors"),
    ("published", "published"),
    ("site", "site"),
    ("address", "url"),
    ("text from", "origin"),
    ("archived page", "archive_url"),
    ("as of", "captured"),
)
# Not allowed in HTML (standard, 13.2.3.5), or signs that turn the direction of what follows them.
_UNSAFE = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


def html(article: Mapping[str, Any]) -> str:
    """The page: title, what is known of the article, its paragraphs. Addresses are links, which open without a referrer."""
    title = _text(article.get("title") or "(no title)")
    facts = "".join(f"<dt>{name}</dt><dd>{_fact(article[key])}</dd>\n" for name, key in _FACTS if article.get(key))
    paragraphs = "".join(f"<p>{_text(line)}</p>\n" for line in article["text"].splitlines() if line.strip())
    language = article.get("language") or ""
    marked = f' lang="{language}"' if _LANGUAGE.fullmatch(language) else ""
    return (
        f'<!DOCTYPE html>\n<html{marked}>\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n<meta name="referrer" content="no-referrer">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{title}</title>\n'
        f'<style>{_STYLE}</style>\n</head>\n<body>\n<article dir="auto">\n<h1>{title}</h1>\n<dl>\n{facts}</dl>\n'
        f"{paragraphs}</article>\n</body>\n</html>\n"
    )


def _fact(value: Any) -> str:
    if isinstance(value, list | tuple):
        return _text(", ".join(map(str, value)))
    shown = _text(value)
    return f'<a rel="noreferrer nofollow" href="{shown}">{shown}</a>' if re.match(r"https?://", str(value)) else shown


def _text(value: Any) -> str:
    """One line, escaped."""
    return escape(_UNSAFE.sub("", " ".join(str(value).split())))
