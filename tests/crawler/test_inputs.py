"""What people give to `morgue crawl`, right and wrong, and what the options do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from archive.clippings import MAX_BYTES
from crawler.cli import main
from crawler.inputs import read_inputs
from tests.crawler.conftest import Ended, Morgue
from tests.crawler.small_web import asked, outlet, page, publish, url
from tests.internet import Corpus, Internet

HOST = "paper.example"
BAD = {
    "picture.png": b"\x89PNG\r\n\x1a\n" + bytes(200),
    "book.pdf": b"%PDF-1.7\n...",
    "noise.txt": bytes(range(256)) * 20,
    "empty.txt": b" \n\t\n",
}


@pytest.fixture
def bad_files(tmp_path: Path) -> list[Path]:
    """Inputs of which each is wrong in its own way."""
    for name, content in BAD.items():
        (tmp_path / name).write_bytes(content)
    with (tmp_path / "huge.txt").open("wb") as huge:
        huge.truncate(MAX_BYTES + 1)
    (tmp_path / "folder").mkdir()
    names = [*BAD, "huge.txt", "folder", "missing.txt"]
    return [tmp_path / name for name in names]


def test_each_bad_input_costs_one_line_that_names_it(bad_files: list[Path]) -> None:
    given = read_inputs(map(str, bad_files))
    assert given.items == ()
    assert len(given.problems) == len(bad_files)
    for file, problem in zip(bad_files, given.problems, strict=True):
        assert problem.startswith(f"{file}: ")
        assert "\n" not in problem


@pytest.mark.parametrize(
    "name", ["https://", "https://exa mple/x", "http://[::1", "https://x.example:99999/", "ftp://x.example/a.b"]
)
def test_an_address_that_is_none_is_a_problem(name: str) -> None:
    given = read_inputs([name])
    assert given.items == ()
    assert len(given.problems) == 1


def test_an_address_without_scheme_is_one_and_a_missing_file_is_not() -> None:
    given = read_inputs(["www.paper.example/story", "notes.txt", "folder/notes"])
    assert given.items == ("https://www.paper.example/story",)
    assert len(given.problems) == 2


def test_a_file_in_a_strange_encoding_is_read_with_a_warning(tmp_path: Path) -> None:
    file = tmp_path / "old.txt"
    file.write_bytes("Café am Hafen, gelesen für später.\n\nOriginal url:\nhttps://paper.example/a\n".encode("cp1252"))
    given = read_inputs([str(file)])
    assert len(given.items) == 1
    assert given.problems == ()
    assert "not UTF-8" in given.warnings[0]


@dataclass(frozen=True, slots=True)
class Web:
    """Three stories; the first links to the second, that to the third."""

    net: Internet
    addresses: list[str]


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    corpus = Corpus()
    addresses = publish(corpus, HOST, 1, 2, 3)
    for number in (1, 2):
        links = ((f"Parish {number + 1} speaks up", url(HOST, number + 1)),)
        corpus.live(url(HOST, number), page(HOST, number, related=links))
    with Internet([corpus.write(tmp_path_factory.mktemp("inputs") / "corpus")]) as net:
        yield Web(net, addresses)


def articles(morgue: Morgue) -> list[str]:
    return [row["url"] for row in morgue.rows("SELECT url FROM articles ORDER BY id")]


def test_the_good_inputs_go_on_beside_the_bad(web: Web, tmp_path: Path, bad_files: list[Path]) -> None:
    morgue = Morgue(tmp_path / "home", web.net)
    done = morgue.crawl(*bad_files, web.addresses[2])
    assert done.code == 3
    assert articles(morgue) == [web.addresses[2]]
    assert len(done.err.splitlines()) == len(bad_files)
    assert f"{len(bad_files)} inputs could not be read" in done.out


def test_bad_inputs_alone_leave_no_trace(morgue: Morgue, bad_files: list[Path]) -> None:
    done = morgue.crawl(*bad_files)
    assert done.code == 3
    assert not morgue.home.exists()


def test_a_dry_run_leaves_no_trace(web: Web, tmp_path: Path) -> None:
    morgue, before = Morgue(tmp_path / "home", web.net), len(web.net.log)
    done = morgue.crawl(*web.addresses, "--dry-run", "--json")
    assert done.code == 0
    assert [told["url"] for told in done.objects] == web.addresses
    assert sorted(tmp_path.iterdir()) == []
    assert len(web.net.log) == before


def test_a_limit_leaves_the_rest_for_the_next_run(web: Web, tmp_path: Path) -> None:
    morgue = Morgue(tmp_path / "home", web.net)
    limited = morgue.crawl(*web.addresses, "--limit", 1, "--json")
    assert limited.code == 3, "it is not complete"
    assert [told["verdict"] for told in limited.objects] == ["alive", "unknown", "unknown"]
    assert limited.objects[1]["rule"] == "not_fetched"
    assert "2 addresses are left for the next run" in limited.err
    rest = morgue.crawl("--json")
    assert rest.code == 0, rest.err
    assert [(told["url"], told["verdict"]) for told in rest.objects] == [(address, "alive") for address in web.addresses[1:]]
    assert len(articles(morgue)) == 3


def test_nothing_to_do_is_said_and_is_no_failure(web: Web, tmp_path: Path) -> None:
    morgue = Morgue(tmp_path / "home", web.net)
    done = morgue.crawl()
    assert done.code == 0
    assert "nothing is due" in done.out
    assert "give a FILE or a URL" in done.out


@pytest.mark.parametrize(("steps", "found"), [(0, 1), (1, 2), (2, 3)])
def test_related_articles_are_followed_as_far_as_asked(web: Web, tmp_path: Path, steps: int, found: int) -> None:
    morgue = Morgue(tmp_path / "home", web.net)
    done = morgue.crawl(web.addresses[0], "--related", steps, "--json")
    assert done.code == 0, done.err
    assert articles(morgue) == web.addresses[:found]
    assert len(done.objects) == 1, "what was asked for, not what was found on the way"


def test_refresh_keeps_an_unchanged_page_as_a_revisit(web: Web, tmp_path: Path) -> None:
    morgue, address = Morgue(tmp_path / "home", web.net), web.addresses[2]
    assert morgue.crawl(address).code == 0
    before = len(asked(web.net, address))
    assert morgue.crawl(address).code == 0
    assert len(asked(web.net, address)) == before, "looked at within a day"
    assert morgue.crawl(address, "--refresh").code == 0
    assert len(asked(web.net, address)) == before + 1
    assert [row["revisit"] for row in morgue.rows("SELECT revisit FROM captures ORDER BY id")] == [0, 1]
    assert morgue.value("SELECT count(*) FROM versions") == 1


def test_refresh_keeps_a_changed_page_as_a_version(tmp_path: Path) -> None:
    first, second = Corpus(), Corpus()
    (address,) = publish(first, HOST, 1)
    publish(second, HOST, 1)
    second.live(address, page(HOST, 1).replace("spoke of nothing else", "could not agree on anything at all"))
    for corpus, name in ((first, "before"), (second, "after")):
        with Internet([corpus.write(tmp_path / name)]) as net:
            morgue = Morgue(tmp_path / "home", net)
            assert morgue.crawl(address, "--refresh").code == 0
    assert [row["revisit"] for row in morgue.rows("SELECT revisit FROM captures")] == [0, 0]
    assert morgue.value("SELECT count(*) FROM versions") == 2
    assert "could not agree" in morgue.value("SELECT text FROM articles")


OPTIONS = [
    ("--no-such-option",),
    ("--limit", "-1"),
    ("--limit", "many"),
    ("--related", "6"),
    ("-s", "DOWNLOAD_DELAY"),
]


@pytest.mark.parametrize("arguments", OPTIONS, ids=" ".join)
def test_options_that_make_no_sense_are_usage_errors(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    monkeypatch.setattr("sys.argv", ["morgue", "crawl", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert arguments[0] in capsys.readouterr().err


WRONG = [
    ("-s", "MORGUE_WORKERS=two", "https://paper.example/"),
    ("-s", "DOWNLOAD_DELAY=long", "https://paper.example/"),
    ("-s", "SCHEDULER=no.such.module", "https://paper.example/"),
]


@pytest.mark.parametrize("arguments", WRONG, ids=" ".join)
def test_settings_that_make_no_sense_are_usage_errors(morgue: Morgue, arguments: tuple[str, ...]) -> None:
    done: Ended = morgue.run("crawl", *arguments)
    assert done.code == 2, done.err
    assert "Traceback" not in done.err
    assert done.out == ""


def test_outlets_are_told_apart() -> None:
    """The small web's stories are no duplicates of each other, or the tests above would prove little."""
    assert outlet(HOST).home == "https://paper.example"
    assert len({page(HOST, number) for number in range(40)}) == 40
