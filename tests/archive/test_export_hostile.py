"""Anything that a page may call itself, as title, author, site and text, through each export: no error, nothing that another
program would run, and what can be read back is what went in."""

from __future__ import annotations

import csv
import io
import json
import random
import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.articles import save_article
from archive.export import EXPORTERS, Source
from archive.export.base import COLUMNS, Tally
from archive.export.bibtex import latex
from archive.home import Home
from archive.imports import Told, places, reader_of
from archive.query.filters import Where
from archive.schema import connect_readonly, storable
from archive.terminal import safe
from archive.urls import NotAURL, canonicalize
from archive.visits import Finding
from bench.samples import SHARED
from tests.archive.made import NOON, article, exchange, open_store, receipt, visit
from tests.archive.parquet import read_parquet

BLNS = SHARED / "hostile" / "blns.json"
OURS = [
    "",
    "=cmd|' /C calc'!A0",
    '@SUM(1+1)*cmd|" /C calc"!A0',
    "+1",
    "-1+1",
    "\t=1",
    "\r\n=1",
    "'=1",
    "''",
    '"',
    "<script>alert(1)</script>",
    "![x](javascript:alert(1))",
    "---\nexec: yes\n---",
    "# !!python/object/apply:os.system ['id']",
    "{{ 7*7 }} {% raw %}",
    "\\input{/etc/passwd} \\write18{id} $\\immediate$",
    "}} @online{evil, url = {x}} @comment{",
    "a and b, c AND d",
    "../../../etc/passwd",
    "CON",
    "nul.txt",
    "a" * 5000,
    "\u202egnp.exe\u2066",
    "e\u0301\u0323\u200d\ufeff\ufffe\uffff\U0010ffff",
    "\x1b]52;c;cHduZWQ=\x07\x1b[31m\x9b31m",
    "line\u2028line\u2029line\x85line\x0bline\x0cline",
    "\ud800 half \udfff",
    "nul\0nul",
    "山田太郎",
    "سلام",
    "🏴󠁧󠁢󠁥󠁮󠁧󠁿🙂",
]
Four = tuple[str, str, str, str]  # title, author, site, text of an article
SIGNS = st.text(st.characters(), max_size=40)


def naughty() -> list[str]:
    return [*json.loads(BLNS.read_text(encoding="utf-8")), *OURS]


def filled(folder: Path, fours: list[Four]) -> Home:
    store = open_store(folder)
    with store.transaction():
        for number, (title, author, site, text) in enumerate(fours):
            found = article(
                title, f"{text}\n{title}", authors=(author, text + "x"), site=site, description=text, published="2026-11-25"
            )
            url = f"https://naughty.example/{number}"
            save_article(store.db, Finding(found, (), url, url, "live", NOON), None, NOON)
        store.record(visit(store, "https://naughty.example/0", receipts=(receipt(exchange("https://naughty.example/0")),)))
    store.close()
    return Home(folder)


def exported(home: Home, name: str, folder: Path | None = None) -> bytes:
    exporter: Any = next(one for one in EXPORTERS if one.name == name)
    db = connect_readonly(home.database)
    source, out = Source(db, home, Where(), NOON), io.BytesIO()
    tally: Tally = exporter.fill(source, folder) if folder else exporter.write(source, out)
    db.close()
    assert not tally.left
    return out.getvalue()


def through_all(folder: Path, fours: list[Four]) -> None:
    home = filled(folder / "home", fours)
    rows = [json.loads(line) for line in exported(home, "jsonl").splitlines()]
    assert [row["title"] for row in rows] == [storable(title) for title, *_ in fours]
    csv_is_inert(exported(home, "csv"), rows)
    is_read_back(folder, exported(home, "csv"), rows)
    is_read_back(folder, exported(home, "jsonl"), rows)
    parquet_is_equal(exported(home, "parquet"), rows)
    bibtex_is_inert(exported(home, "bibtex").decode(), rows)
    (folder / "md").mkdir()
    exported(home, "md", folder / "md")
    markdown_is_inert(folder / "md", rows)
    for name in ("warc", "wacz", "cdxj", "redirects"):
        exported(home, name)


def csv_is_inert(data: bytes, rows: list[dict[str, Any]]) -> None:
    cells = list(csv.reader(io.StringIO(data.decode(), newline="")))
    assert len(cells) == len(rows) + 1
    for cell in (cell for row in cells for cell in row):
        assert not re.match(r"[\s\x00-\x20]*[=+\-@＝＋－＠]|[\t\r\n]", cell), cell


def is_read_back(folder: Path, data: bytes, rows: list[dict[str, Any]]) -> None:
    (folder / "back").write_bytes(data)
    [place] = places([folder / "back"])
    reader = reader_of(place)
    assert reader is not None
    items = [item for item in reader.read(place.path) if isinstance(item, Told)]
    wanted = [row for row in rows if row["text"].strip()]
    for item, row in zip(items, wanted, strict=True):
        assert item.url == row["url"]
        assert item.article.text == row["text"]
        for name in ("title", "site", "description"):
            assert (getattr(item.article, name) or "") == (row[name] if row[name] not in (None, "None") else "")
        assert list(item.article.authors) == [author for author in row["authors"] if author]


def parquet_is_equal(data: bytes, rows: list[dict[str, Any]]) -> None:
    for ours, row in zip(read_parquet(data), rows, strict=True):
        for name in ("captured", "first_seen", "last_seen"):
            ours[name] = datetime.fromtimestamp(ours[name] / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        assert ours == row
        assert tuple(ours) == COLUMNS


def bibtex_is_inert(text: str, rows: list[dict[str, Any]]) -> None:
    entries = text.split("}\n\n")[:-1]
    assert len(entries) == len(rows)
    for entry, row in zip(entries, rows, strict=True):
        assert entry.count("{") == entry.count("}") + 1
        assert set(re.findall(r"\\([a-zA-Z]+)", entry)) <= {
            "textbackslash",
            "textbraceleft",
            "textbraceright",
            "textasciitilde",
            "textasciicircum",
        }
        assert len(entry.splitlines()) == len(re.findall(r"^(@online|  \w+ = )", entry, re.MULTILINE))
        if row["title"]:
            assert f"title = {{{{{latex(row['title'])}}}}}" in entry
        assert _plain(latex(row["title"] or "")) == safe(row["title"] or "")


def _plain(text: str) -> str:
    names = {"textbackslash": "\\", "textbraceleft": "{", "textbraceright": "}", "textasciitilde": "~", "textasciicircum": "^"}
    return re.sub(r"\\(?:([a-z]+)\{\}|([$&#%_]))", lambda match: names.get(match[1], match[2]), text)


def markdown_is_inert(folder: Path, rows: list[dict[str, Any]]) -> None:
    files = {int(path.stem.rpartition("-")[2]): path for path in folder.rglob("*.md")}
    folded = {unicodedata.normalize("NFD", str(path.relative_to(folder)).casefold()) for path in files.values()}
    assert len(files) == len(folded) == len(rows)
    for row in rows:
        path = files[row["id"]]
        assert path.parent.parent == folder
        assert len(path.name.encode()) < 200
        assert not re.search(r'[\x00-\x1f<>:"/\\|?*]|[ .]$', path.name)
        assert not re.fullmatch(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?", path.name)
        front, _, body = path.read_text(encoding="utf-8").removeprefix("---\n").partition("\n---\n")
        told = yaml.load(front, yaml.CSafeLoader)
        assert (told.get("title") or "", told["authors"], told["url"]) == (row["title"] or "", row["authors"], row["url"])
        assert not re.search(r"(?<!\\)(?:\\\\)*[<\[`*]", body)
        assert not re.search(r"^(?!# )[#>=~|+-]", body, re.MULTILINE)


@pytest.mark.skipif(not BLNS.exists(), reason="the big list of naughty strings is not here")
def test_the_big_list_of_naughty_strings(tmp_path: Path) -> None:
    through_all(tmp_path, [(text, text, text, text) for text in naughty()])


def test_our_own_list(tmp_path: Path) -> None:
    through_all(tmp_path, [(text, text, text, text) for text in OURS])


def test_ten_thousand_random_texts(tmp_path: Path) -> None:
    texts = random_texts(random.Random(20261125), 10_000)
    through_all(tmp_path, list(zip(texts[::4], texts[1::4], texts[2::4], texts[3::4], strict=True)))


def random_texts(chance: random.Random, count: int) -> list[str]:
    """Of all of Unicode, of its first blocks, and of what other programs read as syntax."""
    signs: list[Callable[[], str]] = [
        lambda: chr(chance.randrange(0x110000)),
        lambda: chr(chance.randrange(0x250)),
        lambda: chance.choice("=+-@\t\r\n'\"\\{}<>[]()`*_#&%$~^|;:,./ \0\x1b\u202e"),
    ]
    return ["".join(chance.choice(signs)() for _ in range(chance.randrange(12))) for _ in range(count)]


@settings(max_examples=300, deadline=None, derandomize=True)
@given(SIGNS)
def test_an_address_of_any_signs_is_quoted_in_each(text: str) -> None:
    try:
        url = canonicalize(f"https://naughty.example/{text}")
    except NotAURL:
        return
    assert re.fullmatch(r"[\x21-\x7e]+", url)
    assert not set(url) & set('{}\\"<>')
