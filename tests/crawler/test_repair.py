"""`morgue repair`, end to end on our own papers: a report, documents written anew, a redirect map, a person's decision."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.crawler.conftest import QUICK, Ended, Morgue
from tests.internet import Internet, paper
from tests.internet.stories import CABLE_LANDS, GATES_CLOSE, GAZETTE, GONE_URL, NIGHT_FERRY, POST, REPAIRS_APPROVED

DEAD, ALIVE, BLOCKED = GATES_CLOSE.url(GAZETTE), NIGHT_FERRY.url(GAZETTE), CABLE_LANDS.url(POST)
MEMENTO = f"https://web.archive.org/web/20210312101512/{DEAD}"
TRUE = REPAIRS_APPROVED.url(GAZETTE)
TRUE_MEMENTO = f"https://web.archive.org/web/20210310063055/{TRUE}"
NOTES = paper.reading_list()
KEYS = ["id", "url", "verdict", "rule", "replacement", "archive_url", "timestamp", "method", "confidence", "evidence", "document"]


@dataclass
class Case:
    morgue: Morgue
    net: Internet
    notes: Path
    first: Ended

    def repair(self, *arguments: object, **how: object) -> Ended:
        return self.morgue.run("repair", *arguments, *QUICK, **how)


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    folder = tmp_path_factory.mktemp("repair")
    paper.build_paper(folder / "web")
    notes = folder / "notes.md"
    notes.write_text(NOTES, encoding="utf-8")
    with Internet([folder / "web"]) as net:
        made = Case(Morgue(folder / "home", net), net, notes, Ended(0, "", ""))
        made.first = made.repair(notes, "--json")
        yield made


@pytest.fixture
def copy(case: Case, tmp_path: Path) -> Path:
    return Path(shutil.copy(case.notes, tmp_path / "notes.md"))


def test_each_link_has_its_verdict(case: Case) -> None:
    found = case.first.objects
    assert case.first.code == 0, case.first.err
    assert [list(told) for told in found] == [KEYS] * 5
    assert [told["verdict"] for told in found] == ["replaced", "replaced", "alive", "blocked", "none"]
    assert [told["url"] for told in found] == [DEAD, paper.NOTED_URL, ALIVE, BLOCKED, GONE_URL]
    assert (found[0]["replacement"], found[0]["archive_url"]) == (None, MEMENTO)
    assert (found[1]["replacement"], found[1]["method"]) == (TRUE, "slug_search")
    assert found[3]["replacement"] is None
    assert found[3]["archive_url"].endswith(BLOCKED)
    assert case.net.leaks == []
    assert "/2026/09/" not in str(case.net.requests("live")), "no related pages are fetched on the side"


def test_a_report_writes_nothing_and_asks_nothing_again(case: Case, copy: Path) -> None:
    before = len(case.net.log)
    told = case.repair(copy)
    assert told.code == 0
    assert copy.read_text(encoding="utf-8") == NOTES
    assert len(case.net.log) == before
    assert "5 links: 2 replaced, 1 alive, 1 blocked, 1 none" in told.out
    assert MEMENTO in told.out


def test_a_limit_leaves_the_rest_for_the_next_run(case: Case, copy: Path, tmp_path: Path) -> None:
    """3, as for `morgue crawl --limit`: the report is not whole. What is known is written all the same."""
    elsewhere = Morgue(tmp_path / "home", case.net)
    part = elsewhere.run("repair", copy, *QUICK, "--limit", 1, "--write", "--json")
    assert part.code == 3, part.err
    assert [told["verdict"] for told in part.objects if told["rule"] == "not_fetched"] == ["unknown"] * 4
    assert "4 addresses are left for the next run" in part.err
    rest = elsewhere.run("repair", copy, *QUICK, "--json")
    assert rest.code == 0, rest.err
    assert "unknown" not in {told["verdict"] for told in rest.objects}


def test_dead_links_are_written_anew_and_nothing_else(case: Case, copy: Path) -> None:
    written = case.repair(copy, "--write")
    assert written.code == 0, written.err
    wanted = NOTES.replace(f"]({DEAD})", f"]({MEMENTO})").replace(paper.NOTED_URL, TRUE_MEMENTO)
    assert copy.read_text(encoding="utf-8") == wanted, "what is only in an archive is named as it can be opened"
    assert copy.with_name("notes.md.bak").read_text(encoding="utf-8") == NOTES


def test_a_second_run_changes_nothing(case: Case, copy: Path) -> None:
    assert case.repair(copy, "--write").code == 0
    once = copy.read_bytes()
    again = case.repair(copy, "--write", "--json")
    assert again.code == 0, again.err
    assert [told["verdict"] for told in again.objects] == ["alive", "alive", "alive", "blocked", "none"]
    assert copy.read_bytes() == once
    assert not copy.with_name("notes.md.bak1").exists()


def test_the_archived_page_is_set_beside_a_link_once(case: Case, copy: Path) -> None:
    assert case.repair(copy, "--write", "--style", "append").code == 0
    once = copy.read_text(encoding="utf-8")
    assert f"]({DEAD})" in once
    assert MEMENTO in once
    case.repair(copy, "--write", "--style", "append")
    assert copy.read_text(encoding="utf-8") == once


def test_a_redirect_map_for_ones_own_server(case: Case, copy: Path) -> None:
    made = case.repair(copy, "--redirect-map", "csv", "--host", GAZETTE.host)
    assert made.code == 0, made.err
    assert f"{DEAD},{MEMENTO}" in made.out
    assert f"{paper.NOTED_URL},{TRUE_MEMENTO}" in made.out
    assert GONE_URL not in made.out


def test_what_cannot_be_read_is_one_line(case: Case, tmp_path: Path) -> None:
    (tmp_path / "picture.md").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    told = case.repair(tmp_path / "picture.md", tmp_path / "missing.md")
    assert told.code == 3
    assert len(told.err.splitlines()) == 2
    assert "Traceback" not in told.err
    assert case.repair().code == 2


def test_a_person_decides_on_what_is_likely(case: Case) -> None:
    proposal = {"why": "its title is near the document's", "title": 0.75}
    sql = "UPDATE repairs SET state = 'proposed', outcome = 'none', replacement = '{}', confidence = 0.7, evidence = '{}' WHERE url = '{}'"
    case.morgue.change(sql.format(TRUE, json.dumps(proposal).replace("'", "''"), GONE_URL))
    assert case.repair(case.notes, "--json").objects[4]["verdict"] == "proposed"
    asked = case.morgue.run("repair", "--review", stdin="a\n")
    assert asked.code == 0
    assert "70% sure" in asked.out
    found = case.repair(case.notes, "--json").objects[4]
    assert (found["verdict"], found["replacement"]) == ("replaced", TRUE)
