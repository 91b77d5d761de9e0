"""What other programs kept: told by content, read item by item, and what is broken costs itself alone."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from archive.imports import Address, Broken, Captured, Item, Left, ListedIn, SavedPage, Told, places, reader_of
from archive.imports.warc import maker_of, shown_at
from archive.warc import WarcWriter, pack, warcinfo
from archive.warc.pack import record
from tests.archive.made import HTML, NOON, exchange

URL = "https://news.example/2026/ferry"
TEXT = "The ferry sank at noon.\nAll were saved."


def read(path: Path) -> list[Item]:
    [place] = places([path])
    reader = reader_of(place)
    assert reader is not None
    return list(reader.read(path))


def file(folder: Path, text: str | bytes, name: str = "data.bin") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    os.utime(path, (1_600_000_000, 1_600_000_000))
    return path


def told(path: Path) -> Told:
    [item] = read(path)
    assert isinstance(item, Told)
    return item


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("WARC/1.0\r\n", "warc"),
        (b"PK\x03\x04", "wacz"),
        ("<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<DL>", "bookmarks"),
        ("\ufeff<!-- saved from url=(0011)https://a.b/ -->\n<!doctype html>", "html"),
        ("<?xml version='1.0'?>\n<!DOCTYPE html>", "html"),
        ('{"url": "https://a.b/"}', "json"),
        ('\ufeff\n[ {"url"', "json"),
        ("title,url\n", "csv"),
        ("Titel;Link\n", "csv"),
        ("once upon a time", None),
        (b"\x89PNG\r\n", None),
        ("", None),
    ],
)
def test_a_format_is_told_by_content(tmp_path: Path, head: str | bytes, name: str | None) -> None:
    [place] = places([file(tmp_path, head)])
    reader = reader_of(place)
    assert (reader.name if reader else None) == name


# -- rows and objects -------------------------------------------------------------------------------------------------


def test_a_line_of_our_own_export_is_read_as_it_was(tmp_path: Path) -> None:
    row = {"id": 7, "url": URL, "canonical_url": URL, "title": "Ferry", "authors": ["A; B", "C"], "published": "2026-03", "site": "News",
           "language": "en", "description": "d", "image": "https://i.example/", "text": TEXT, "origin": "wayback", "modified": None,
           "archive_url": "https://web.archive.org/web/1/x", "captured": "2026-03-04T05:06:07Z", "first_seen": "x", "last_seen": "y"}  # fmt: skip
    item = told(file(tmp_path, json.dumps(row)))
    for name in ("title", "published", "modified", "site", "language", "description", "image", "canonical_url", "text"):
        assert getattr(item.article, name) == row[name]
    assert item.article.authors == ("A; B", "C")
    assert (item.origin, item.archive_url) == ("wayback", row["archive_url"])
    assert item.captured == datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


def test_what_news_please_writes(tmp_path: Path) -> None:
    """Its field names and forms, as in its README: https://github.com/fhamborg/news-please#results."""
    row = {"authors": ["Ana Ivić"], "date_download": "2026-01-02 03:04:05", "date_modify": None, "date_publish": "2026-01-01 10:00:00",
           "description": "d", "filename": "x.json", "image_url": "https://i.example/", "language": "en", "localpath": None, "title": "Ferry",
           "title_page": None, "title_rss": None, "source_domain": "news.example", "maintext": TEXT, "url": URL}  # fmt: skip
    item = told(file(tmp_path, json.dumps(row, indent=2)))
    assert (item.article.title, item.article.text, item.article.published) == ("Ferry", TEXT, "2026-01-01T10:00:00")
    assert (item.article.site, item.article.authors, item.origin) == ("news.example", ("Ana Ivić",), None)
    assert item.captured == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ({"URL": URL, "Text": TEXT, "Date": "2026-02-03"}, {"published": "2026-02-03"}),
        ({"link": URL, "content": TEXT, "headline": "H", "author": "A;  B"}, {"title": "H", "authors": ("A", "B")}),
        ({"url": URL, "text": TEXT, "date": "last Tuesday"}, {"published": None}),
        ({"url": URL, "text": TEXT, "date": 1_600_000_000}, {"published": "2020-09-13T12:26:40Z"}),
        (
            {"url": URL, "text": TEXT, "published": True, "authors": 5, "title": 12},
            {"published": None, "authors": (), "title": "12"},
        ),
        ({"url": URL, "text": TEXT, "canonical_url": "javascript:alert(1)"}, {"canonical_url": None}),
    ],
)
def test_names_that_people_give(tmp_path: Path, row: dict[str, Any], found: dict[str, Any]) -> None:
    item = told(file(tmp_path, json.dumps(row)))
    assert {name: getattr(item.article, name) for name in found} == found


def test_lines_without_a_text_are_addresses_and_broken_ones_cost_themselves(tmp_path: Path) -> None:
    lines = [
        json.dumps({"url": URL, "title": "T"}),
        "{broken",
        '"text"',
        "",
        "{}",
        '{"title": "no address"}',
        '{"url": "mailto:x@y"}',
    ]
    found = read(file(tmp_path, "\n".join(lines)))
    assert found[0] == Address(URL, "T")
    assert [type(item) for item in found[1:]] == [Broken, Broken, Left, Broken, Broken]
    assert [item.where for item in found if isinstance(item, Broken)] == ["line 2", "line 3", "line 6", "line 7"]


def test_json_that_nests_without_end_is_none(tmp_path: Path) -> None:
    assert [type(item) for item in read(file(tmp_path, '{"a":' * 100_000))] == [Broken]


def test_csv_of_any_separator_and_quoting(tmp_path: Path) -> None:
    for separator in ",;\t":
        text = f'\ufeffurl{separator}text{separator}title\r\n{URL}{separator}"The ferry\nsank{separator} at ""noon"""{separator}T\r\n'
        item = told(file(tmp_path, text))
        assert (item.article.text, item.article.title) == (f'The ferry\nsank{separator} at "noon"', "T")


def test_csv_with_rows_too_short_and_too_long(tmp_path: Path) -> None:
    found = read(file(tmp_path, f"url,title\n{URL}\n\n{URL},a,b,c\nnowhere,x\n"))
    assert [type(item) for item in found] == [Address, Address, Broken]


# -- pages ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "url"),
    [
        ("<!-- saved from url=(0031)https://news.example/2026/ferry -->", URL),
        (f"<!--\n Page saved with SingleFile \n url: {URL} \n saved date: Wed Nov 25 2026 10:00:00 GMT+0100 (CET)\n-->", URL),
        ("<link href='https://news.example/2026/ferry' rel='shortlink canonical'>", URL),
        ('<META content="https://news.example/2026/ferry?a=1&amp;b=2" property=og:url>', URL + "?a=1&b=2"),
        ("<link rel=canonical href='javascript:alert(1)'><meta property=og:url content='https://news.example/2026/ferry'>", URL),
    ],
)
def test_a_saved_page_says_its_address(tmp_path: Path, head: str, url: str) -> None:
    [item] = read(file(tmp_path, f"<!doctype html><html>{head}<p>Text"))
    assert isinstance(item, SavedPage)
    assert item.url == url
    wanted = datetime(2026, 11, 25, 9, tzinfo=UTC) if "SingleFile" in head else datetime.fromtimestamp(1_600_000_000, UTC)
    assert item.captured == wanted


def test_a_saved_page_that_does_not_is_told(tmp_path: Path) -> None:
    [item] = read(file(tmp_path, "<!doctype html><p>Text"))
    assert isinstance(item, Broken)


def test_what_news_please_keeps_beside_a_page(tmp_path: Path) -> None:
    file(tmp_path, json.dumps({"url": URL, "date_download": "2026-01-02 03:04:05"}), "a.html.json")
    [item] = read(file(tmp_path, "<!doctype html><p>Text", "a.html"))
    assert isinstance(item, SavedPage)
    assert (item.url, item.captured) == (URL, datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))


def test_bookmarks_are_a_document_of_addresses(tmp_path: Path) -> None:
    [item] = read(
        file(
            tmp_path,
            f'<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<DL><p>\n<DT><A HREF="{URL}" ADD_DATE="1">Ferry sinks at noon</A>\n</DL>',
        )
    )
    assert isinstance(item, ListedIn)
    assert [(mention.url, mention.title) for mention in item.document.mentions] == [(URL, "Ferry sinks at noon")]


def test_a_folder_is_walked_without_hidden_files_and_links(tmp_path: Path) -> None:
    for name in ("b/2.html", "a.html", ".hidden", ".git/x"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    (tmp_path / "link.html").symlink_to(tmp_path / "a.html")
    assert [str(place.path.relative_to(tmp_path)) for place in places([tmp_path])] == ["a.html", "b/2.html"]
    assert all(place.in_folder for place in places([tmp_path]))


# -- records ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "name", "is_morgue"),
    [
        ("software: morgue/0.1.0\r\nisPartOf: cc-news", "cc-news", True),
        ("software: morgue/0.1.0", "crawl", True),
        ("isPartOf: CC-NEWS\r\npublisher: Common Crawl\r\nsoftware: StormCrawler 1.5.2", "cc-news", False),
        ("software: Browsertrix-Crawler 1.0.0 (with warcio.js 2.2.0)", "browsertrix-crawler", False),
        ("Software: Wget/1.21.3 (linux-gnu)", "wget", False),
        ("software: x\r\nisPartOf: wayback", "import", False),  # only a morgue speaks for another archive
        ("isPartOf: crawl", "import", False),
        ("", "import", False),
    ],
)
def test_who_captured_it(lines: str, name: str, is_morgue: bool) -> None:
    maker = maker_of(lines.encode())
    assert (maker.name, maker.is_morgue) == (name, is_morgue)


def foreign_file(folder: Path, *records: bytes, maker: bytes = b"software: Wget/1") -> Path:
    return file(
        folder, record("warcinfo", (("WARC-Date", "2020-01-01T00:00:00Z"),), maker, "application/warc-fields") + b"".join(records)
    )


def response(url: str, kind: str = "text/html", **rest: Any) -> bytes:
    answer = exchange(rest.pop("asked", url), headers=(("Content-Type", kind),), status=rest.pop("status", 200))
    return pack(answer, target=url, date=NOON, **rest).response


def test_of_a_foreign_file_the_pages_are_taken(tmp_path: Path) -> None:
    fields = (("WARC-Date", "2020-01-01T00:00:00Z"), ("WARC-Target-URI", "https://news.example/r"))
    found = read(
        foreign_file(
            tmp_path,
            response(URL),
            response("https://news.example/i.png", "image/png"),
            response("https://news.example/app.js", "application/javascript; charset=utf-8"),
            response("dns:news.example", "text/dns"),
            record("resource", fields, b"<p>", "text/html"),
            record("metadata", fields, b"a: b", "application/warc-fields"),
            response("https://news.example/gone", status=404),
            b"broken",
        )
    )
    assert [type(item) for item in found] == [Captured, Left, Left, Left, Left, Captured, Broken]
    page = found[0]
    assert isinstance(page, Captured)
    assert (page.url, page.archive, page.archive_url, page.fetched) == (URL, "wget", None, None)


def test_what_a_morgue_kept_is_taken_whatever_it_is(tmp_path: Path) -> None:
    writer = WarcWriter(tmp_path, now=lambda: NOON)
    writer.append(pack(exchange(headers=(("Content-Type", "image/png"),)), target=URL, date=NOON))
    memento = f"https://web.archive.org/web/20200101000000id_/{URL}"
    writer.append(pack(exchange(memento, headers=(HTML,)), target=URL, date=datetime(2020, 1, 1, tzinfo=UTC), source_uri=memento))
    writer.close()
    [path] = tmp_path.iterdir()
    live, old = read(path)
    assert isinstance(live, Captured)
    assert isinstance(old, Captured)
    assert (live.archive, live.fetched) == ("crawl", NOON)
    assert (old.archive_url, old.fetched) == (f"https://web.archive.org/web/20200101000000/{URL}", NOON)


@pytest.mark.parametrize("host", ["web.archive.org/web", "arquivo.pt/wayback", "data.commoncrawl.org"])
def test_a_memento_in_a_foreign_file_is_named_by_its_source(tmp_path: Path, host: str) -> None:
    source = f"https://{host}/20200101000000id_/{URL}"
    [page] = read(foreign_file(tmp_path, response(URL, source_uri=source, asked=source)))
    assert isinstance(page, Captured)
    assert page.archive == {"web": "wayback", "arq": "arquivo", "dat": "commoncrawl"}[host[:3]]


def test_an_export_names_the_archive_before_its_records(tmp_path: Path) -> None:
    path = file(tmp_path, warcinfo("x", NOON, "cc-news") + response(URL) + warcinfo("x", NOON) + response(URL))
    assert [item.archive for item in read(path) if isinstance(item, Captured)] == ["cc-news", "crawl"]


def test_shown_at() -> None:
    assert (
        shown_at("https://a.example/web/2020id_/https://b.example/1999id_/")
        == "https://a.example/web/2020/https://b.example/1999id_/"
    )


def test_a_zip_that_is_no_wacz(tmp_path: Path) -> None:
    assert [type(item) for item in read(file(tmp_path, b"PK\x03\x04" + b"x" * 100))] == [Broken]
