"""Builds corpora and the pages of newspapers in them."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

HTML = "text/html; charset=utf-8"


class Corpus:
    """A corpus in memory; `write` makes it a folder. Methods may be called in any order; bodies are HTML text or bytes."""

    def __init__(self) -> None:
        self._rows: dict[str, dict[str, Any]] = {}
        self._hosts: dict[str, dict[str, Any]] = {}
        self._files: dict[str, bytes] = {}

    def live(
        self,
        url: str,
        html: str | bytes | None = None,
        *,
        status: int = 200,
        location: str | None = None,
        headers: dict[str, str] | None = None,
        type: str = HTML,  # noqa: A002 - the format's word
    ) -> None:
        """What the address answers today."""
        self._row(url)["live"] = self._page(html, status, location, headers, type)

    def capture(
        self,
        url: str,
        timestamp: str,
        html: str | bytes | None = None,
        *,
        status: int = 200,
        location: str | None = None,
        headers: dict[str, str] | None = None,
        type: str = "text/html",  # noqa: A002 - the format's word
        **more: Any,
    ) -> None:
        """One capture; `more` are other keys of the format, such as unplayable=True or reason="Document follows"."""
        page = self._page(html, status, location, headers, type)
        self._row(url)["captures"].append({"timestamp": timestamp, **page, **more})

    def unresolved(self, url: str) -> None:
        """An address whose host has no address any more, unless something else of it is live."""
        self._row(url)

    def host(
        self,
        name: str,
        *,
        missing: str | None = None,
        status: int = 404,
        archive: str | None = None,
        robots: str | None = None,
        delay: float | None = None,
    ) -> None:
        """`missing` is the page for paths that are not there; `delay` the latency of each answer in seconds."""
        row: dict[str, Any] = {"host": name, "archive": archive, "robots": robots, "delay": delay}
        if missing is not None:
            row["missing"] = self._page(missing, status, None, None, HTML)
        self._hosts[name] = {key: value for key, value in row.items() if value is not None}

    def write(self, folder: Path) -> Path:
        """Write web.jsonl and the files; returns the folder."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, body in self._files.items():
            (folder / name).write_bytes(gzip.compress(body, 6, mtime=0))
        rows = [*self._hosts.values(), *self._rows.values()]
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (folder / "web.jsonl").write_text(text, encoding="utf-8")
        return folder

    def _row(self, url: str) -> dict[str, Any]:
        return self._rows.setdefault(url, {"url": url, "live": None, "captures": []})

    def _page(
        self, html: str | bytes | None, status: int, location: str | None, headers: dict[str, str] | None, type_: str
    ) -> dict[str, Any]:
        page = {"status": status, "file": self._store(html), "type": type_, "location": location}
        return page | ({"headers": headers} if headers else {})

    def _store(self, html: str | bytes | None) -> str | None:
        if html is None:
            return None
        body = html.encode() if isinstance(html, str) else html
        name = hashlib.sha1(body, usedforsecurity=False).hexdigest() + ".html.gz"
        self._files[name] = body
        return name


# -- pages of a newspaper ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Outlet:
    """A newspaper: its name, its home (no trailing slash) and its sections."""

    name: str
    home: str
    sections: tuple[str, ...] = ("News", "Business", "Opinion", "Culture")
    motto: str = ""

    @property
    def host(self) -> str:
        return self.home.partition("://")[2]


@dataclass(frozen=True, slots=True)
class Story:
    """An article. `published` is ISO 8601; `path` is the address below the outlet's home."""

    path: str
    title: str
    published: str
    paragraphs: tuple[str, ...]
    author: str = "Staff"
    section: str = "News"

    def url(self, outlet: Outlet) -> str:
        return outlet.home + self.path


_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title} - {site}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="{description}">
<link rel="canonical" href="{url}">
<meta property="og:type" content="article">
<meta property="og:site_name" content="{site}">
<meta property="og:title" content="{title}">
<meta property="og:description" content="{description}">
<meta property="og:url" content="{url}">
<meta property="og:image" content="{home}/image/{stem}.jpg">
<meta property="article:published_time" content="{published}">
<meta property="article:section" content="{section}">
<meta name="author" content="{author}">
<link rel="stylesheet" href="/static/site.css">
<script type="application/ld+json">{data}</script>
</head>
<body class="article">
{header}
<main>
<article>
<header><span class="section">{section}</span><h1>{title}</h1>
<p class="byline">By <a rel="author" href="/author/{author_slug}">{author}</a> <time datetime="{published}">{published}</time></p>
</header>
<figure><img src="/image/{stem}.jpg" alt=""><figcaption>{caption}</figcaption></figure>
<div class="article-body">
{text}
</div>
</article>
{related}
</main>
{footer}
</body>
</html>
"""
_HEADER = """<header class="masthead"><a class="logo" href="/">{site}</a><p>{motto}</p>
<nav class="sections"><ul>{sections}</ul></nav></header>"""
_FOOTER = """<footer><nav><a href="/about">About us</a> <a href="/contact">Contact</a> <a href="/privacy">Privacy</a>
<a href="/subscribe">Subscribe</a></nav><p>&copy; {site}. All rights reserved.</p></footer>"""
_PLAIN = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{title} - {site}</title><link rel="stylesheet" href="/static/site.css"></head>
<body>
{header}
<main><h1>{title}</h1>
{body}
</main>
{footer}
</body>
</html>
"""


def news_page(outlet: Outlet, story: Story, related: Sequence[tuple[str, str]] = ()) -> str:
    """An article as papers publish it: JSON-LD, OpenGraph, navigation, a block of related stories, a footer."""
    url, stem = story.url(outlet), story.path.rstrip("/").rpartition("/")[2]
    values = {
        "title": story.title,
        "site": outlet.name,
        "home": outlet.home,
        "url": url,
        "stem": stem,
        "description": story.paragraphs[0][:200],
        "published": story.published,
        "section": story.section,
        "author": story.author,
        "author_slug": story.author.lower().replace(" ", "-"),
        "caption": f"File photo. {outlet.name}",
    }
    return _PAGE.format(
        **{name: escape(value) for name, value in values.items()},
        data=_json_ld(outlet, story, url),
        header=_header(outlet),
        footer=_footer(outlet),
        text="\n".join(f"<p>{escape(paragraph)}</p>" for paragraph in story.paragraphs),
        related=_related(related),
    )


def plain_page(outlet: Outlet, title: str, *paragraphs: str, links: Sequence[tuple[str, str]] = ()) -> str:
    """A page that is no article: a front page, an error page."""
    body = "\n".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
    items = "".join(f'<li><h2><a href="{escape(url)}">{escape(text)}</a></h2></li>' for text, url in links)
    body += f'\n<ul class="teasers">{items}</ul>' if items else ""
    header, footer = _header(outlet), _footer(outlet)
    return _PLAIN.format(title=escape(title), site=escape(outlet.name), header=header, body=body, footer=footer)


def not_found_page(outlet: Outlet) -> str:
    """What a missing page says, with status 404 or, as a soft-404, with 200."""
    return plain_page(outlet, "Page not found", "Sorry, the page you are looking for does not exist or has been moved.")


def _json_ld(outlet: Outlet, story: Story, url: str) -> str:
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.title,
        "datePublished": story.published,
        "author": {"@type": "Person", "name": story.author},
        "publisher": {"@type": "Organization", "name": outlet.name, "url": outlet.home},
        "articleSection": story.section,
        "mainEntityOfPage": url,
    }
    return json.dumps(data, ensure_ascii=False).replace("</", "<\\/")


def _header(outlet: Outlet) -> str:
    sections = "".join(f'<li><a href="/{name.lower()}">{escape(name)}</a></li>' for name in outlet.sections)
    return _HEADER.format(site=escape(outlet.name), motto=escape(outlet.motto), sections=sections)


def _footer(outlet: Outlet) -> str:
    return _FOOTER.format(site=escape(outlet.name))


def _related(links: Sequence[tuple[str, str]]) -> str:
    """Title and address of each."""
    if not links:
        return ""
    items = "".join(f'<li><a href="{escape(url)}">{escape(title)}</a></li>' for title, url in links)
    return f'<aside class="related-articles"><h3>Related articles</h3><ul>{items}</ul></aside>'
