"""The founding case, end to end: one command, both articles, from a real clipping and from our own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.crawler.conftest import ROOT, Ended, Morgue
from tests.internet import Internet, founding, paper
from tests.internet.stories import GATES_CLOSE, GAZETTE, REPAIRS_APPROVED

CLIPPING = ROOT.parent / "shared" / "data" / "clippings" / "kim-arrives-in-russia.txt"
KEYS = ["url", "role", "document", "verdict", "rule", "origin", "article", "replacement", "archive_url", "captured", "method"]
KEYS += ["confidence", "match"]
MAX_CDX, MAX_REPLAYS = 4, 12


@dataclass(frozen=True, slots=True)
class Case:
    """A clipping's crawl, twice; `stories` are title, true address and day of the original and of the related article."""

    first: Ended
    second: Ended
    morgue: Morgue
    net: Internet
    asked_twice: int
    stories: tuple[tuple[str, str, str], tuple[str, str, str]]


def case(folder: Path, corpus: Path, clipping: Path, *stories: tuple[str, str, str]) -> Iterator[Case]:
    with Internet([corpus]) as net:
        morgue = Morgue(folder / "home", net)
        first = morgue.crawl(clipping, "--json")
        before = len(net.log)
        second = morgue.crawl(clipping, "--json")
        yield Case(first, second, morgue, net, len(net.log) - before, stories)  # type: ignore[arg-type]


@pytest.fixture(scope="module", params=["kim", "storm"])
def founded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    folder = tmp_path_factory.mktemp("founding")
    if request.param == "storm":
        clipping, *_ = paper.build_paper(folder / "corpus")
        storm = (GATES_CLOSE.title, GATES_CLOSE.url(GAZETTE), "2021-03-12")
        repairs = (REPAIRS_APPROVED.title, REPAIRS_APPROVED.url(GAZETTE), "2021-03-10")
        yield from case(folder, folder / "corpus", Path(clipping), storm, repairs)
        return
    if not CLIPPING.is_file():
        pytest.skip("the founding clipping is not on this machine (../shared/data/clippings)")
    corpus = founding.build_founding(CLIPPING.read_text(encoding="utf-8"), folder / "corpus")
    kim = (founding.ORIGINAL_TITLE, founding.ORIGINAL_URL, "2019-04-24")
    summit = (founding.RELATED_TITLE, founding.RELATED_URL, "2019-04-23")
    yield from case(folder, corpus, CLIPPING, kim, summit)


def test_one_command_is_enough(founded: Case) -> None:
    assert founded.first.code == 0, founded.first.err
    assert "Traceback" not in founded.first.err


def test_both_articles_are_stored_and_no_other(founded: Case) -> None:
    rows = founded.morgue.rows("SELECT title, url, origin FROM articles ORDER BY id")
    assert sorted(row["title"] for row in rows) == sorted(title for title, _, _ in founded.stories)
    assert sorted(row["url"] for row in rows) == sorted(url for _, url, _ in founded.stories)
    assert {row["origin"] for row in rows} == {"wayback"}


def test_the_original_is_the_clippings_text(founded: Case) -> None:
    original = founded.first.objects[0]
    _, url, day = founded.stories[0]
    assert original["role"] == "original"
    assert original["url"] == url
    assert original["verdict"] == "archived"
    assert original["rule"] == "status_404"
    assert original["match"] >= 0.9
    assert original["captured"].startswith(day), "not the soft-404 or the redirect of later years"
    assert original["archive_url"] == f"https://web.archive.org/web/{digits(original['captured'])}/{url}"


def digits(captured: str) -> str:
    return "".join(sign for sign in captured if sign.isdigit())


def test_the_related_story_is_found_under_its_true_address(founded: Case) -> None:
    related = founded.first.objects[1]
    title, url, _ = founded.stories[1]
    assert related["role"] == "related"
    assert related["verdict"] == "replaced"
    assert related["method"] == "slug_search"
    assert related["replacement"] == url
    assert related["confidence"] >= 0.9
    assert related["match"] == 1.0
    assert founded.morgue.value("SELECT title FROM articles WHERE id = ?", related["article"]) == title


def test_the_archive_is_asked_little(founded: Case) -> None:
    assert len(founded.net.requests("cdx")) <= MAX_CDX
    assert len(founded.net.requests("replay")) <= MAX_REPLAYS
    assert founded.net.leaks == []


def test_a_second_crawl_fetches_nothing_and_says_the_same(founded: Case) -> None:
    assert founded.asked_twice == 0
    assert founded.second.code == 0
    assert founded.second.objects == founded.first.objects


def test_the_objects_have_the_promised_keys(founded: Case) -> None:
    assert len(founded.first.objects) == 2
    assert all(list(told) == KEYS for told in founded.first.objects)


def test_the_dead_addresses_lead_to_their_articles(founded: Case) -> None:
    for told in founded.first.objects:
        shown = founded.morgue.run("show", told["url"], "--json")
        assert shown.code == 0, shown.err
        assert shown.object["id"] == told["article"]


def test_what_was_received_is_in_the_warc_files(founded: Case) -> None:
    """Both live 404s and both mementos."""
    rows = founded.morgue.rows("SELECT archive, statuscode FROM captures ORDER BY archive, statuscode")
    assert [(row["archive"], row["statuscode"]) for row in rows if row["archive"] == "wayback"] == [("wayback", 200)] * 2
    assert ("crawl", 404) in [(row["archive"], row["statuscode"]) for row in rows]


# -- the same clipping in other clothes -------------------------------------------------------------------------------


def as_markdown(text: str, original: str, noted: str) -> str:
    prose = text.partition("Original url:")[0]
    return f"# {GATES_CLOSE.title}\n\n{prose}\n\nOriginal url: <{original}>\n\nRelated: [{REPAIRS_APPROVED.title}]({noted})\n"


def as_html(text: str, original: str, noted: str) -> str:
    """A saved page: its own address in the head."""
    head = f'<title>{GATES_CLOSE.title}</title><link rel="canonical" href="{original}">'
    paragraphs = "".join(f"<p>{part}</p>" for part in text.partition("Original url:")[0].split("\n\n"))
    related = f'<p>Related: <a href="{noted}">{REPAIRS_APPROVED.title}</a></p>'
    return f"<!doctype html><html><head>{head}</head><body><article>{paragraphs}{related}</article></body></html>"


@pytest.fixture(scope="module")
def dressed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Internet]]:
    folder = tmp_path_factory.mktemp("dressed")
    paper.build_paper(folder / "corpus")
    with Internet([folder / "corpus"]) as net:
        yield folder, net


@pytest.mark.parametrize("form", ["stdin", "markdown", "html", "list"])
def test_other_forms_of_the_clipping_give_the_same(dressed: tuple[Path, Internet], form: str) -> None:
    folder, net = dressed
    morgue = Morgue(folder / f"home-{form}", net)
    text, original = paper.clipping(), GATES_CLOSE.url(GAZETTE)
    if form == "stdin":
        done = morgue.crawl("-", "--json", stdin=text)
    else:
        ending, content = {
            "markdown": ("md", as_markdown(text, original, paper.NOTED_URL)),
            "html": ("html", as_html(text, original, paper.NOTED_URL)),
            "list": ("txt", f"# two stories\n{original}\n\n{paper.NOTED_URL}\n"),
        }[form]
        file = folder / f"clipping-{form}.{ending}"
        file.write_text(content, encoding="utf-8")
        done = morgue.crawl(file, "--json")
    assert done.code == 0, done.err
    first, second = done.objects
    assert (first["url"], first["verdict"]) == (original, "archived")
    assert (second["url"], second["verdict"]) == (paper.NOTED_URL, "replaced")
    assert second["replacement"] == REPAIRS_APPROVED.url(GAZETTE)
    assert first["role"] == "original"
    if form != "list":
        assert first["match"] >= 0.9
