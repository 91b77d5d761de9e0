"""The commands that only read. No Scrapy, no trafilatura: they start in the time that Python needs.

Data goes to stdout, messages to stderr; `--json` prints one object a line.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from archive import query
from archive.errors import NothingFound
from archive.home import Home
from archive.schema import explained, sqlite3
from archive.terminal import json_line, safe, safe_paragraphs, shorten

HomeOption = Callable[[Callable[..., Any]], Callable[..., Any]]

home_option = click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="MORGUE_HOME",
    default="morgue-home",
    show_default=True,
    help="The home folder (also: MORGUE_HOME).",
)
json_option = click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")


@click.command()
@click.argument("words", nargs=-1, required=True)
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1000), help="Articles at most.")
@home_option
@json_option
def search(words: tuple[str, ...], limit: int, home: Path, *, as_json: bool) -> None:
    """Find articles that hold all WORDS, best first.

    Any text is a query: quotes, dashes and signs are looked for, never obeyed.
    """
    found = _ask(home, lambda db: query.search(db, " ".join(words), limit))
    for hit in found:
        click.echo(_hit_json(hit) if as_json else _hit_text(hit))
    if not found:
        raise NothingFound(f"nothing in {home} holds all of: {safe(' '.join(words))}")


def _hit_json(hit: dict[str, Any]) -> str:
    plain = hit["snippet"].replace(query.MARK_START, "").replace(query.MARK_END, "")
    return json_line(hit | {"snippet": plain})


def _hit_text(hit: dict[str, Any]) -> str:
    marked = _marked(hit["snippet"])
    where = " · ".join(safe(part) for part in ((hit["published"] or "")[:10], hit["site"], _origin(hit)) if part)
    title = click.style(shorten(hit["title"] or "(no title)", 100), bold=True)
    return f"{hit['id']:>5}  {title}\n       {where}\n       {marked}\n       {safe(hit['url'])}\n"


def _marked(snippet: str) -> str:
    """A snippet with its hits in bold; each piece is made safe, so that only our own signs command the terminal."""
    pieces = re.split(f"{query.MARK_START}([^{query.MARK_END}]*){query.MARK_END}", " ".join(snippet.split()))
    styled = [click.style(_piece(piece), bold=True) if place % 2 else _piece(piece) for place, piece in enumerate(pieces)]
    return "".join(styled).strip()


def _piece(text: str) -> str:
    """`safe` for a part of a line: the blanks at its ends stay."""
    if text.isspace():
        return " "
    return f"{' ' * text.startswith(' ')}{safe(text)}{' ' * text.endswith(' ')}"


def _origin(article: dict[str, Any]) -> str:
    if article["origin"] == "live":
        return "live"
    return f"{article['origin']} capture of {article['captured'][:10]}"


@click.command()
@click.argument("what", metavar="URL|ID")
@home_option
@json_option
def show(what: str, home: Path, *, as_json: bool) -> None:
    """Print an article: its text, where it came from, what mentions it, what it links to.

    URL may be any address that leads to it: the dead one, its replacement, the canonical one.
    """
    article = _ask(home, lambda db: query.show(db, what))
    click.echo(json_line(article) if as_json else _article_text(article))


def _article_text(article: dict[str, Any]) -> str:
    facts = {
        "address": article["url"],
        "by": ", ".join(article["authors"]),
        "published": article["published"],
        "site": article["site"],
        "text from": f"{_origin(article)} {article['archive_url'] or ''}",
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


@click.command()
@home_option
@json_option
def status(home: Path, *, as_json: bool) -> None:
    """What the archive holds, what is due, what is paused and until when."""
    found = _ask(home, query.status)
    click.echo(json_line(found) if as_json else _status_text(home, found))


def _status_text(home: Path, found: dict[str, Any]) -> str:
    lines = [f"{home}: {found['articles']} articles in {found['versions']} versions, {found['captures']} captures"]
    lines.append(f"asked by {found['documents']} documents; {found['urls']} addresses known")
    lines += [_counted("queue", found["frontier"]), _counted("pages", found["health"])]
    lines.append(_counted("dead links", found["repairs"]))
    lines += [f"paused: {safe(p['service'])} until {p['until']} ({safe(p['reason'])})" for p in found["paused"]]
    if last := found["last_run"]:
        lines.append(f"last run: {safe(last['command'])}, {last['started']}, {last['state']}")
    return "\n".join(line for line in lines if line)


def _counted(name: str, counts: dict[str, int]) -> str:
    return f"{name}: " + ", ".join(f"{count} {key}" for key, count in sorted(counts.items())) if counts else ""


def _ask(home: Path, question: Callable[[Any], Any]) -> Any:
    """Put a question to the home's database; a damaged file gets a line, not a traceback."""
    place = Home(home)
    db = query.open_home(place)
    try:
        return question(db)
    except sqlite3.DatabaseError as error:
        if told := explained(error, place.database):
            raise told from error
        raise
    finally:
        db.close()


COMMANDS = (search, show, status)
