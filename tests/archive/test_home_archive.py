"""The home's own captures as an archive: from the table to the WARC file and back, without a request."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlite_utils import Database

from archive.models import Exchange, Outcome
from archive.schema import connect, insert
from archive.urls import urlkey
from archive.warc import Previous, WarcWriter, pack
from archive.webarchives import ReplayAnswer
from archive.webarchives.home import HomeArchive, SQLiteKeeper

PAGE = "https://news.example/2019/kim-a1"
WAYBACK = f"https://web.archive.org/web/20180101101500/{PAGE}"


class Shelf:
    """A home with a few captures."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.db: Database = connect(folder / "morgue.db")
        self.db.execute(
            "INSERT INTO urls(id, url, urlkey, host, site, slug, first_seen) VALUES (1, ?, ?, 'news.example', 'news.example', '', '')",
            (PAGE, urlkey(PAGE)),
        )
        self._writer = WarcWriter(folder, now=lambda: datetime(2026, 11, 25, tzinfo=UTC))
        self.archive = HomeArchive(SQLiteKeeper(self.db, folder))

    def put(self, day: str, body: bytes, *, status: int = 200, url: str = PAGE, extracted: str = "ok",
            archive_url: str | None = None, previous: Previous | None = None) -> Previous:  # fmt: skip
        date = datetime.strptime(day, "%Y%m%d").replace(hour=10, minute=15, tzinfo=UTC)
        exchange = Exchange(url, (), status, (("Content-Type", "text/html"), ("X-Day", day)), body, date)
        packed = pack(exchange, target=url, date=date, source_uri=archive_url, previous=previous)
        place = self._writer.append(packed)
        self._writer.sync()
        self._writer.committed()
        values = {
            "url_id": 1,
            "urlkey": urlkey(url),
            "timestamp": packed.timestamp,
            "original": url,
            "statuscode": status,
            "digest": packed.digest,
            "length": place.length,
            "archive": "wayback" if archive_url else "crawl",
            "archive_url": archive_url,
            "revisit": packed.revisit,
            "fetched": "",
            "warc_file": place.file,
            "warc_offset": place.offset,
            "extracted": extracted,
        }
        insert(self.db, "captures", values)
        return Previous(packed.digest, url, date)

    def close(self) -> None:
        self._writer.close()
        self.db.close()


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    shelf = Shelf(tmp_path)
    yield shelf
    shelf.close()


def found(shelf: Shelf, timestamp: str, url: str = PAGE, *, public: bool = False) -> ReplayAnswer:
    answer = shelf.archive.at(url, timestamp, public=public)
    assert answer.memento is not None, answer
    assert answer.exchange is not None
    return answer


def test_the_nearest_capture_with_its_neighbours(shelf: Shelf) -> None:
    for day in ("20190427", "20190527", "20190627"):
        shelf.put(day, f"<p>{day}".encode())
    answer = found(shelf, "20190520000000")
    assert answer.memento is not None
    assert answer.exchange is not None
    assert (answer.memento.timestamp, answer.exchange.body) == ("20190527101500", b"<p>20190527")
    assert (answer.memento.previous, answer.memento.next) == ("20190427101500", "20190627101500")
    assert (answer.memento.archive, answer.memento.original, answer.memento.status) == ("crawl", PAGE, 200)
    assert answer.memento.archive_url is None  # of no use to anybody else


def test_addresses_that_an_index_folds_are_one(shelf: Shelf) -> None:
    shelf.put("20190427", b"<p>x")
    assert found(shelf, "20190427000000", "http://www.news.example/2019/kim-a1/").outcome is Outcome.FOUND


def test_a_memento_that_was_kept_names_its_archive(shelf: Shelf) -> None:
    shelf.put("20180101", b"<p>then", archive_url=WAYBACK)
    memento = found(shelf, "20180101000000", public=True).memento
    assert memento is not None
    assert (memento.archive, memento.archive_url) == ("wayback", WAYBACK)
    assert shelf.archive.at(PAGE, "20180101000000", public=False).outcome is Outcome.NONE


def test_a_revisit_has_the_earlier_body_and_its_own_headers(shelf: Shelf) -> None:
    first = shelf.put("20190427", b"<p>same")
    shelf.put("20190527", b"<p>same", previous=first)
    exchange = found(shelf, "20190601000000").exchange
    assert exchange is not None
    assert (exchange.body, exchange.header("x-day")) == (b"<p>same", "20190527")


def test_what_was_never_captured_well_is_none(shelf: Shelf) -> None:
    shelf.put("20190427", b"<p>gone", status=404)
    shelf.put("20190527", b"", extracted="empty")
    assert shelf.archive.at(PAGE, "20190427000000", public=False).outcome is Outcome.NONE
    assert shelf.archive.at("https://news.example/other", "20190427000000", public=False).outcome is Outcome.NONE


def test_a_damaged_file_is_unknown_and_named(shelf: Shelf) -> None:
    shelf.put("20190427", b"<p>x" * 100)
    path = next(shelf.folder.glob("*.warc.gz"))
    data = path.read_bytes()
    path.write_bytes(data[:-20] + bytes(20))
    answer = shelf.archive.at(PAGE, "20190427000000", public=False)
    assert answer.outcome is Outcome.UNKNOWN
    assert path.name in (answer.reason or "")
