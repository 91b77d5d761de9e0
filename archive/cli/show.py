"""`morgue show`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from archive.cli.base import ask, home_option, json_option, origin_of
from archive.query import show as query
from archive.terminal import json_line, safe, safe_paragraphs


@click.command()
@click.argument("what", metavar="URL|ID")
@click.option("--format", "form", type=click.Choice(["text", "md", "json", "html"]), default="text", show_default=True,
              help="md has YAML front matter, html is one page that stands alone.")  # fmt: skip
@home_option
@json_option
def show(what: str, form: str, home: Path, *, as_json: bool) -> None:
    """Print an article: its text, where it came from, what mentions it, what it links to.

    URL may be any address that leads to it: the dead one, its replacement, the canonical one.
    """
    article = ask(home, lambda db: query.show(db, what))
    click.echo(_FORMATS["json" if as_json else form](article).removesuffix("\n"))


def _article_text(article: dict[str, Any]) -> str:
    facts = {
        "address": article["url"],
        "by": ", ".join(article["authors"]),
        "published": article["published"],
        "site": article["site"],
        "text from": f"{origin_of(article)} {article['archive_url'] or ''}",
        "mentioned in": "; ".join(f"{m['document'] or 'command line'} ({m['role']})" for m in article["mentions"]),
        "captures": ", ".join(map(_capture, article["captures"])),
    }
    head = [click.style(safe(article["title"] or "(no title)"), bold=True)]
    head += [f"{name + ':':14}{safe(value)}" for name, value in facts.items() if value]
    related = [f"  {safe(link['anchor'])}  {safe(link['url'])}" for link in article["links"] if link["role"] == "related"]
    tail = ["", "related:", *related] if related else []
    return "\n".join([*head, "", safe_paragraphs(article["text"]), *tail])


def _capture(capture: dict[str, Any]) -> str:
    status = "" if capture["statuscode"] == 200 else f" ({capture['statuscode']})"
    return f"{capture['timestamp']} {capture['archive']}{status}"


def _markdown(article: dict[str, Any]) -> str:
    from archive.render.markdown import markdown  # noqa: PLC0415 - only who asks for it waits for it

    return markdown(article)


def _html(article: dict[str, Any]) -> str:
    from archive.render.html import html  # noqa: PLC0415 - see above

    return html(article)


_FORMATS = {"text": _article_text, "md": _markdown, "json": json_line, "html": _html}
