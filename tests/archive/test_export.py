"""Exports as other programs take them: each format's form, which articles, where it goes, and that nothing half is left."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from zipfile import ZIP_STORED, ZipFile

import pytest
import yaml
from click.testing import CliRunner, Result

from archive.cli.export import export
from archive.errors import DiskFull, UsageError
from archive.export import EXPORTERS
from archive.export.base import COLUMNS
from archive.export.bibtex import entry, latex
from archive.export.csv import guarded, unguarded
from archive.export.markdown import path_of
from archive.models import Outcome, Repair
from archive.render.markdown import escaped, markdown
from archive.schema import connect, connect_readonly, rows
from archive.states import State
from archive.visits import Search
from archive.warc import cdxj
from archive.warc.read import records
from tests.archive.made import NOON, Clock, article, exchange, full_disk, keep, open_store, receipt, visit

FERRY, PIER, GONE = "https://www.quay.example/2026/ferry", "https://old.example/pier", "https://www.quay.example/gone"
MEMENTO = f"https://web.archive.org/web/20200101000000/{PIER}"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two articles, one with a revisit and a second version, one from an archive; a page that is gone and repaired."""
    clock, folder = Clock(), tmp_path_factory.mktemp("export") / "home"
    store = open_store(folder, clock)
    found = article("Ferry sinks", published="2026-11-25", authors=("Ana Ivić", "Bo, Li"), site="The Quay", language="en")
    keep(store, FERRY, found)
    clock.advance(days=1)
    keep(store, FERRY, found)  # unchanged: a revisit
    clock.advance(days=1)
    keep(store, FERRY, article("Ferry was raised", "The ferry was raised again. " * 20, published="2026-11-27"))
    keep(store, PIER, article("Pier"), origin="wayback", archive_url=MEMENTO, captured=NOON - timedelta(days=2000))
    with store.transaction():
        search = Search(Outcome.FOUND, "accepted", Repair(GONE, FERRY, None, None, "slug_search", 0.9))
        store.record(visit(store, GONE, State.HARD_GONE, receipts=(receipt(exchange(GONE, b"<p>no", 404)),), search=search))
        store.db.execute("UPDATE repairs SET article_id = (SELECT id FROM articles WHERE url = ?)", (FERRY,))
    store.close()
    return folder


def run(home: Path, *arguments: object) -> Result:
    return CliRunner().invoke(export, [*map(str, arguments), "--home", str(home)])


def out(home: Path, name: str, *arguments: object) -> bytes:
    done = run(home, "--format", name, *arguments)
    assert done.exit_code == 0, done.stderr
    return done.stdout_bytes


def objects(data: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in data.splitlines()]


# -- which ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "urls"),
    [
        ((), [FERRY, PIER]),
        (("raised",), [FERRY]),
        (("--origin", "wayback"), [PIER]),
        (("--site", "quay.example", "--since", "2026"), [FERRY]),
        (("--in", "title", "pier"), [PIER]),
    ],
)
def test_the_filters_of_search(home: Path, arguments: tuple[str, ...], urls: list[str]) -> None:
    assert [row["url"] for row in objects(out(home, "jsonl", *arguments))] == urls


def test_nothing_found_is_told(home: Path) -> None:
    done = run(home, "--format", "jsonl", "nowhere")
    assert (done.exit_code, done.stdout) == (4, "")


def test_a_wrong_date_is_a_usage_error(home: Path) -> None:
    assert isinstance(run(home, "--format", "jsonl", "--since", "soon").exception, UsageError)


def test_one_state_of_the_archive_is_written(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A crawl that commits in between does not show, though rows are read a hundred at a time."""
    monkeypatch.setattr("archive.export.base._BATCH", 1)
    seen = markdown

    def between(row: Any) -> str:
        db = connect(home / "morgue.db")
        db.execute("UPDATE articles SET title = title || '!'")
        db.close()
        return seen(row)

    monkeypatch.setattr("archive.export.markdown.markdown", between)
    folder = home.parent / "state"
    run(home, "--format", "md", "-o", folder)
    assert not any("!" in path.read_text() for path in folder.rglob("*.md"))
    db = connect(home / "morgue.db")
    db.execute("UPDATE articles SET title = rtrim(title, '!')")
    db.close()


# -- formats ----------------------------------------------------------------------------------------------------------


def test_jsonl_is_an_article_a_line(home: Path) -> None:
    ferry = objects(out(home, "jsonl"))[0]
    assert tuple(ferry) == COLUMNS
    assert (ferry["title"], ferry["authors"]) == ("Ferry was raised", [])


def test_csv_has_the_same_columns(home: Path) -> None:
    [names, ferry, pier] = list(csv.reader(io.StringIO(out(home, "csv").decode(), newline="")))
    assert tuple(names) == COLUMNS
    assert dict(zip(names, pier, strict=True))["archive_url"] == MEMENTO
    assert dict(zip(names, ferry, strict=True))["authors"] == "[]"


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1", "＋1", "－1", "＠x", "'=1", "''", "'"]
)
def test_no_cell_is_a_formula(text: str) -> None:
    assert guarded(text) == "'" + text
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize("text", ["", "plain", "1-1", "a=b", "\u2018quoted\u2019", "[]", "'tis"])
def test_other_cells_are_as_they_are(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert guarded(text) in (text, "'" + text)


def test_markdown_is_a_file_an_article(home: Path, tmp_path: Path) -> None:
    assert run(home, "--format", "md", "-o", tmp_path / "md").exit_code == 0
    assert sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.md")) == [
        "md/2026/2026-11-27-ferry-was-raised-1.md",
        "md/undated/pier-2.md",
    ]
    head, _, body = (tmp_path / "md/undated/pier-2.md").read_text().removeprefix("---\n").partition("---\n")
    assert yaml.safe_load(head) | {"id": 2, "url": PIER, "archive_url": MEMENTO, "title": "Pier"} == yaml.safe_load(head)
    assert body.startswith("\n# Pier\n\nThe ferry sank at noon.")


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("<script>alert(1)</script>", "\\<script>alert(1)\\</script>"),
        ("# no heading", "\\# no heading"),
        ("12. October", "12\\. October"),
        ("- no list", "\\- no list"),
        ("[a](javascript:b)", "\\[a\\](javascript:b)"),
        ("snake_case and _this_", "snake_case and \\_this\\_"),
        ("AT&T &copy; &#x41;", "AT&T \\&copy; \\&#x41;"),
        ("`a` *b* \\c ~~d~~", "\\`a\\` \\*b\\* \\\\c \\~~d\\~~"),
    ],
)
def test_text_is_no_markup(line: str, shown: str) -> None:
    assert escaped(line) == shown


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("CON", "2026-11-con-7.md"),
        ("../../etc/passwd", "2026-11-etc-passwd-7.md"),
        ("Straße & Äpfel", "2026-11-strasse-äpfel-7.md"),
        ("e\u0301te\u0301", "2026-11-été-7.md"),
        ("nul\0\\:*?\"<>|", "2026-11-nul-7.md"),
        ("日本語の見出し", "2026-11-日本語の見出し-7.md"),
        ("🙂", "2026-11-words-of-the-address-7.md"),
        ("x" * 400, f"2026-11-{'x' * 100}-7.md"),
    ],
)  # fmt: skip
def test_names_that_any_file_system_takes(title: str, name: str) -> None:
    row = {"title": title, "published": "2026-11", "url": "https://a.example/words-of-the-address", "id": 7}
    assert path_of(row) == Path("2026") / name


def test_bibtex_has_what_a_reference_needs(home: Path) -> None:
    assert out(home, "bibtex", "--origin", "wayback").decode() == (
        "@online{old-2,\n  title = {{Pier}},\n"
        f"  url = {{{PIER}}},\n  urldate = {{2021-06-04}},\n  addendum = {{Archived: \\url{{{MEMENTO}}}}},\n}}\n\n"
    )


def test_bibtex_escapes() -> None:
    row = {"title": r"50% of {\em all} & $x_1$ #~^", "authors": ["Smith and Sons", "Bo, Li", "Ana"], "site": "A\nB", "id": 1,
           "published": "2026-01-02T03:04", "captured": "2026-01-03T00:00:00Z", "url": "https://ex.example/{a}%20b", "archive_url": "https://w/%7B#"}  # fmt: skip
    made = entry(row)
    assert (
        r"title = {{50\% of \textbraceleft{}\textbackslash{}em all\textbraceright{} \& \$x\_1\$ \#\textasciitilde{}\textasciicircum{}}}"
        in made
    )
    assert "author = {{Smith and Sons} and {Bo, Li} and Ana}" in made
    assert "url = {https://ex.example/%7Ba%7D%20b}" in made
    assert r"\url{https://w/\%7B\#}" in made
    assert made.count("{") == made.count("}")
    assert latex("a\x1b[31mb\x00\u202ec") == "abc"


def test_redirects_lead_from_what_is_dead(home: Path) -> None:
    assert out(home, "redirects") == f"old_url,new_url\n{GONE},{FERRY}\n".encode()
    assert b"/gone" in out(home, "redirects", "--server", "nginx", "--host", "quay.example")
    assert isinstance(run(home, "--format", "redirects", "--server", "iis").exception, UsageError)


def test_cdxj_is_sorted_and_what_the_files_hold(home: Path) -> None:
    [warc] = (home / "warc").iterdir()
    assert out(home, "cdxj").decode().splitlines() == sorted(cdxj(warc))


def test_parquet_begins_and_ends_as_it_should(home: Path) -> None:
    data = out(home, "parquet")
    assert data[:4] == data[-4:] == b"PAR1"
    assert int.from_bytes(data[-8:-4], "little") < len(data)


def test_parquet_is_read_by_its_own_library(home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")
    monkeypatch.setattr("archive.export.parquet.ROWS", 1)
    (tmp_path / "a.parquet").write_bytes(out(home, "parquet"))
    told = parquet.read_table(tmp_path / "a.parquet").to_pylist()
    for row, ours in zip(told, objects(out(home, "jsonl")), strict=True):
        times = {name: row[name].strftime("%Y-%m-%dT%H:%M:%SZ") for name in ("captured", "first_seen", "last_seen")}
        assert row | times == ours


# -- records ----------------------------------------------------------------------------------------------------------


def read_warc(path: Path) -> list[tuple[str, str | None]]:
    found = [(stored, reason) for _, _, stored, reason in records(path)]
    assert [reason for _, reason in found if reason] == []
    return [(stored.warc_type, stored.target) for stored, _ in found if stored]


def test_warc_has_the_records_as_they_are(home: Path, tmp_path: Path) -> None:
    run(home, "--format", "warc", "-o", tmp_path / "a.warc.gz")
    ferry = [("response", FERRY), ("revisit", FERRY), ("response", FERRY)]
    wanted = [("warcinfo", None), *ferry, ("warcinfo", None), ("response", PIER), ("warcinfo", None), ("response", GONE)]
    assert read_warc(tmp_path / "a.warc.gz") == wanted


def test_a_filtered_warc_has_its_articles_records_alone(home: Path, tmp_path: Path) -> None:
    run(home, "--format", "warc", "-o", tmp_path / "a.warc.gz", "pier", "--in", "title")
    assert read_warc(tmp_path / "a.warc.gz") == [("warcinfo", None), ("response", PIER)]


def test_a_revisit_brings_the_body_that_it_refers_to(home: Path, tmp_path: Path) -> None:
    """Also where that is another address's, as in the files of other programs."""
    shutil.copytree(home, tmp_path / "home")
    db = connect(tmp_path / "home" / "morgue.db")
    first = "SELECT digest FROM captures WHERE original = ? ORDER BY id LIMIT 1"
    db.execute(f"UPDATE captures SET revisit = 1, digest = ({first}) WHERE original = ?", (FERRY, PIER))
    db.close()
    run(tmp_path / "home", "--format", "warc", "-o", tmp_path / "a.warc.gz", "pier", "--in", "title")
    assert read_warc(tmp_path / "a.warc.gz")[1:] == [("response", FERRY), ("warcinfo", None), ("response", PIER)]


def test_a_damaged_record_is_left_out_and_told(home: Path, tmp_path: Path) -> None:
    [warc] = (home / "warc").iterdir()
    whole = warc.read_bytes()
    db = connect_readonly(home / "morgue.db")
    [row] = rows(db, "SELECT warc_offset, length FROM captures WHERE original = ?", PIER)
    db.close()
    broken = bytearray(whole)
    broken[row["warc_offset"] + row["length"] // 2] ^= 0xFF
    warc.write_bytes(bytes(broken))
    try:
        done = run(home, "--format", "warc", "-o", tmp_path / "a.warc.gz", "--json")
    finally:
        warc.write_bytes(whole)
    told = json.loads(done.stdout)
    assert (done.exit_code, told["count"], told["left"]) == (3, 4, 1)
    assert ("response", PIER) not in read_warc(tmp_path / "a.warc.gz")


def test_wacz_is_what_the_specification_wants(home: Path, tmp_path: Path) -> None:
    run(home, "--format", "wacz", "-o", tmp_path / "a.wacz")
    with ZipFile(tmp_path / "a.wacz") as package:
        assert package.testzip() is None
        assert {info.compress_type for info in package.infolist()} == {ZIP_STORED}
        files = {name: package.read(name) for name in package.namelist()}
    manifest = json.loads(files["datapackage.json"])
    assert (manifest["profile"], manifest["wacz_version"]) == ("data-package", "1.1.1")
    listed = {one["path"]: (one["bytes"], one["hash"]) for one in manifest["resources"]}
    others = files.keys() - {"datapackage.json", "datapackage-digest.json"}
    assert listed == {name: (len(files[name]), "sha256:" + hashlib.sha256(files[name]).hexdigest()) for name in others}
    assert others == {"archive/data.warc.gz", "indexes/index.cdx", "pages/pages.jsonl"}
    digest = {"path": "datapackage.json", "hash": "sha256:" + hashlib.sha256(files["datapackage.json"]).hexdigest()}
    assert json.loads(files["datapackage-digest.json"]) == digest


def test_the_index_in_a_wacz_is_that_of_its_records(home: Path, tmp_path: Path) -> None:
    run(home, "--format", "wacz", "-o", tmp_path / "a.wacz")
    with ZipFile(tmp_path / "a.wacz") as package:
        (tmp_path / "data.warc.gz").write_bytes(package.read("archive/data.warc.gz"))
        index = package.read("indexes/index.cdx").decode().splitlines()
        head, *pages = objects(package.read("pages/pages.jsonl"))
    assert index == sorted(cdxj(tmp_path / "data.warc.gz"))
    assert head["format"] == "json-pages-1.0"
    assert Counter(page["url"] for page in pages) == {FERRY: 2, PIER: 1}
    assert pages[0]["ts"] == "2026-11-25T12:00:00Z"


def test_a_wacz_goes_through_a_pipe(home: Path, tmp_path: Path) -> None:
    with ZipFile(io.BytesIO(out(home, "wacz"))) as package:
        assert package.testzip() is None


# -- where ------------------------------------------------------------------------------------------------------------

FILES = [exporter for exporter in EXPORTERS if hasattr(exporter, "write")]


@pytest.mark.parametrize("exporter", FILES, ids=lambda exporter: exporter.name)
def test_a_file_a_folder_and_standard_output_get_the_same(
    home: Path, tmp_path: Path, exporter: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Now:
        @staticmethod
        def now(_: object) -> Any:
            return NOON

    monkeypatch.setattr(sys.modules["archive.cli.export"], "datetime", Now)
    monkeypatch.setattr(sys.modules["archive.warc.pack"], "uuid4", lambda: "0")
    run(home, "--format", exporter.name, "-o", tmp_path / "named")
    run(home, "--format", exporter.name, "-o", tmp_path)
    data = (tmp_path / "named").read_bytes()
    assert (tmp_path / f"morgue{exporter.extension}").read_bytes() == data == out(home, exporter.name, "-o", "-")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["named", f"morgue{exporter.extension}"])


@pytest.fixture
def target(tmp_path: Path) -> Iterator[Path]:
    """A file that holds something already; afterwards nothing else lies in its folder."""
    path = tmp_path / "there"
    path.write_text("old")
    yield path
    assert [one.name for one in tmp_path.iterdir()] == ["there"]


@pytest.mark.parametrize("exporter", FILES, ids=lambda exporter: exporter.name)
def test_a_full_disk_leaves_the_old_file(home: Path, target: Path, exporter: Any) -> None:
    with full_disk(30):
        done = run(home, "--format", exporter.name, "-o", target)
    assert isinstance(done.exception, DiskFull), done.output
    assert target.read_text() == "old"


def test_an_existing_file_keeps_its_mode(home: Path, target: Path) -> None:
    target.chmod(0o640)
    run(home, "--format", "jsonl", "-o", target)
    assert (target.stat().st_mode & 0o777, len(objects(target.read_bytes()))) == (0o640, 2)


def test_a_folder_with_something_in_it_is_left_alone(home: Path, target: Path) -> None:
    assert isinstance(run(home, "--format", "md", "-o", target.parent).exception, UsageError)
    assert isinstance(run(home, "--format", "md", "-o", target).exception, UsageError)
    assert isinstance(run(home, "--format", "md").exception, UsageError)
    assert target.read_text() == "old"


def test_an_empty_folder_is_filled(home: Path, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    assert run(home, "--format", "md", "-o", tmp_path / "new").exit_code == 0
    assert len(list((tmp_path / "new").rglob("*.md"))) == 2


def test_a_folder_appears_whole_or_not_at_all(home: Path, tmp_path: Path) -> None:
    with full_disk(30):
        done = run(home, "--format", "md", "-o", tmp_path / "new")
    assert isinstance(done.exception, DiskFull)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("place", ["no/such/folder/x.csv", "file/x.csv"])
def test_a_place_that_cannot_be_is_a_usage_error(home: Path, tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("")
    assert isinstance(run(home, "--format", "csv", "-o", tmp_path / place).exception, UsageError)


def test_the_summary(home: Path, tmp_path: Path) -> None:
    done = run(home, "--format", "csv", "-o", tmp_path / "a.csv", "--json")
    wanted = {"format": "csv", "what": "articles", "count": 2, "output": str(tmp_path / "a.csv"), "left": 0, "reasons": {}}
    assert (json.loads(done.stdout), done.stderr) == (wanted, "")
    piped = run(home, "--format", "csv", "--json")
    assert json.loads(piped.stderr)["output"] is None
    assert os.linesep not in piped.stderr.strip()


def test_each_format_has_a_name_of_its_own() -> None:
    assert len({exporter.name for exporter in EXPORTERS}) == len(EXPORTERS)
