"""Records made for tests of what is kept on disk: exchanges, articles, visits, and a clock that is told the time."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from archive.frontier import Lease, Seed
from archive.home import Home
from archive.models import Article, Document, Exchange, Knowledge, Link, Mention, Role, Verdict
from archive.states import State
from archive.store import Store
from archive.urls import host
from archive.visits import Finding, Receipt, Task, Visit, article_address
from archive.warc import Previous, pack

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
HTML = ("Content-Type", "text/html; charset=utf-8")


@dataclass(slots=True)
class Clock:
    """Says what it was told."""

    moment: datetime = NOON

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, **wait: float) -> datetime:
        self.moment += timedelta(**wait)
        return self.moment


def exchange(url: str = "https://news.example/a", body: bytes = b"<p>Body</p>", status: int = 200, **rest: Any) -> Exchange:
    values = {"request_headers": (("User-Agent", "morgue"),), "headers": (HTML,), "fetched": NOON} | rest
    return Exchange(url=url, status=status, body=body, **values)


def article(title: str | None = "Ferry sinks", text: str = "The ferry sank at noon. " * 20, **rest: Any) -> Article:
    empty = dict.fromkeys(("published", "modified", "site", "language", "description", "image", "canonical_url"))
    return Article(**({"title": title, "text": text, "authors": ()} | empty | rest))


def link(url: str, role: Role = Role.RELATED, anchor: str = "More", position: int = 0) -> Link:
    return Link(url, role, anchor, position)


def document(*mentions: Mention, text: str = "Some clipping", **rest: Any) -> Document:
    values = {"name": "clipping.txt", "format": "text", "sha256": "0" * 64, "text": text, "body": text, "mentions": mentions}
    return Document(**(values | rest))


def mention(url: str, role: Role = Role.ORIGINAL, start: int = 0, **rest: Any) -> Mention:
    return Mention(**({"candidates": (url,), "role": role, "start": start, "end": start + len(url), "raw_text": url} | rest))


def receipt(answer: Exchange, previous: Previous | None = None, **rest: Any) -> Receipt:
    """A live answer; with `archive` and `archive_url` and `captured` that of a web archive."""
    captured = rest.pop("captured", answer.fetched)
    target = rest.pop("target", answer.url)
    packed = pack(answer, target=target, date=captured, source_uri=rest.get("archive_url"), previous=previous)
    return Receipt(packed, answer.fetched, **rest)


def task(store: Store, url: str) -> Task:
    """A leased address, as the scheduler hands it out. Part of the caller's transaction."""
    url_id = store.url_id(url)
    store.frontier.add(Seed(url_id, host(url), priority=10), store.now())
    store.db.execute("UPDATE frontier SET state = 'leased' WHERE url_id = ?", (url_id,))
    return Task(Lease(url_id, url, host(url), 0, 0, None, None), Knowledge(url), asked=True, **store._before(url_id))


def visit(store: Store, url: str, state: State = State.ALIVE, **rest: Any) -> Visit:
    """A look at an address that brought nothing but its verdict, unless more is given."""
    values = {"checked": store.now(), "verdict": Verdict(state, f"made_{state}"), "statuscode": 200, "final_url": url} | rest
    return Visit(task=task(store, url), **values)


def with_article(seen: Visit, found: Article, links: tuple[Link, ...] = (), **rest: Any) -> Visit:
    """A visit that found an article, by default live and at the address that was visited."""
    url = rest.get("final_url", seen.task.lease.url)
    values = {
        "address": article_address(url, found.canonical_url),
        "final_url": url,
        "origin": "live",
        "captured": seen.checked,
        "receipt": len(seen.receipts) - 1 if seen.receipts else None,
    }
    return replace(seen, finding=Finding(article=found, links=links, **(values | rest)))


def keep(store: Store, url: str, found: Article, links: tuple[Link, ...] = (), **rest: Any) -> int:
    """Visit an address, find an article there and write all of it; returns the article's id."""
    with store.transaction():
        answer = exchange(url, f"<h1>{found.title}</h1><p>{found.text}".encode("utf-8", "replace"), fetched=store.now())
        seen = with_article(visit(store, url), found, links, **rest)
        kept = receipt(answer, seen.task.previous, archive=rest.get("origin", "live").replace("live", "crawl"))
        seen = replace(seen, receipts=(kept,), finding=replace(seen.finding, receipt=0) if seen.finding else None)
        [saved] = store.record(seen)
    return saved.article_id


def open_store(folder: Path, clock: Clock | None = None) -> Store:
    home = Home(folder)
    home.create()
    return Store(home, clock or Clock())


def dump(folder: Path) -> dict[str, bytes]:
    """The WARC files of a home, by name."""
    return {path.name: path.read_bytes() for path in sorted((folder / "warc").iterdir())}


@contextmanager
def full_disk(size: int) -> Iterator[None]:
    """No file of this process may grow beyond `size` bytes: writes fail half-way, as on a disk that fills up."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
