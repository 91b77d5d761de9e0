"""The pages: what each tells, that nothing from an archived page is obeyed, and that they follow a writer."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.errors import NothingFound
from archive.home import Home
from archive.schema import connect
from archive.states import State
from archive.web import ReadingRoom
from archive.web.guard import HEADERS
from tests.archive import web_home
from tests.archive.made import Clock, article, keep, open_store, visit
from tests.archive.web_client import Client, Page

PAGES = [
    "/",
    "/search",
    "/search?q=harbour",
    "/search?q=harbour&site=The+News&since=2019&until=2019&language=en&origin=wayback&verdict=dead&in=title&sort=date&author=",
    "/search?q=no-such-word",
    "/search?since=yesterday",
    "/search?q=https://news.example/ferry",
    "/article/1",
    "/article/2",
    "/article/3",
    "/article/4",
    "/article/4?part=2",
    "/article/5",
    "/article/1/compare",
    "/article/1/compare?from=1&to=2",
    "/article/1/compare?from=clipping&to=current",
    "/address?url=https://old.example/2019/gone-for-good",
    "/health",
    "/sources",
    "/morgue",
    "/morgue/articles",
    "/morgue/articles/3",
    "/morgue/dead_links",
    "/morgue/versions?origin__exact=live&_sort_desc=captured",
    "/morgue?sql=select+title+from+articles+where+id+%3D+%3Aid&id=3",
]
MISSING = ["/nowhere", "/article/99", "/article/4?part=999", "/article/1/compare?from=7&to=8", "/record/999", "/-/threads", "/-/static/table.js",
           "/_internal", "/_memory", "/morgue/nothing", "/address?url=https://never.example/seen", "/morgue.db", "/static/../room.py",
           "/static/%2e%2e/room.py"]  # fmt: skip


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder = tmp_path_factory.mktemp("web")
    web_home.build(folder)
    with Client(folder) as made:
        yield made


def words(client: Client, path: str) -> str:
    return Page(client.get(path).text).text


# -- every page -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_whole_small_and_inert(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text[-2000:]
    assert len(answer.content) < 100_000
    assert answer.text.startswith("<!DOCTYPE html>")
    assert answer.text.rstrip().endswith("</html>")
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert "set-cookie" not in answer.headers
    page = Page(answer.text)
    assert page.all("script", "iframe", "object", "embed", "img", "style", "base") == []
    assert [
        attributes for _, attributes in page.tags if any(name.startswith("on") or name == "style" for name in attributes)
    ] == []
    assert [link for link in page.links if not link.startswith(("/", "#", "http://", "https://", "/search?"))] == []


@pytest.mark.parametrize("path", MISSING)
def test_what_is_not_there_is_said_in_words(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert "Traceback" not in answer.text
    if not path.startswith("/static/"):
        assert "Not in this archive" in answer.text
        assert [one for one in Page(answer.text).links if one == "/"]


def test_links_between_pages_lead_somewhere(client: Client) -> None:
    seen, waiting = set(PAGES), list(PAGES)
    while waiting:
        for link in Page(client.get(waiting.pop()).text).links:
            path = link.partition("#")[0]
            if path.startswith("/") and path not in seen and not path.startswith(("/morgue", "/search")):
                seen.add(path)
                waiting.append(path)
                assert client.get(path).status_code in (200, 302), path


# -- what they tell ---------------------------------------------------------------------------------------------------


def test_the_front_page_says_what_is_here_and_what_changed(client: Client) -> None:
    told = words(client, "/")
    assert "5 articles from" in told
    assert "2019 to 2026" in told
    assert "Lately changed Ferry sinks off the old harbour" in told
    assert "found by the words in the address, 96 % sure" in told
    assert "morgue crawl" in told
    assert "/article/1/compare?from=1&to=2" in Page(client.get("/").text).links


def test_an_article_says_where_it_comes_from(client: Client) -> None:
    told = words(client, "/article/2")
    assert "This is the text of the Wayback Machine's capture of 4 June 2021" in told
    assert "https://news.example/2024/harbour-wrong" in told
    assert "is gone; this stands for it: found by the words in the address, 96 % sure (its title is the one mentioned)" in told
    assert "Linked from Ferry sinks off the old harbour" in told
    links = Page(client.get("/article/2").text).links
    assert "https://web.archive.org/web/20190424000000/https://news.example/harbour" in links
    assert {"/record/3", "/record/4"} <= set(links)


def test_an_article_has_its_versions_mentions_and_related_stories_with_their_state(client: Client) -> None:
    told = words(client, "/article/1")
    assert "Related stories At the old harbour kept here" in told
    assert "Mentioned in clipping.txt as its own address, called “The ferry”" in told
    assert "alive on 26 November 2026" in told
    assert "not fetched" in told
    assert "your document clipping.txt" in told
    form = [attributes for _, attributes in Page(client.get("/article/1").text).all("input") if attributes.get("type") == "radio"]
    assert [(one["name"], one["value"]) for one in form if "checked" in one] == [("from", "1"), ("to", "2")]


def test_a_long_text_is_parted_and_nothing_of_it_is_lost(client: Client) -> None:
    told, part = "", 1
    while (answer := client.get(f"/article/4?part={part}")).status_code == 200:
        told, part = told + Page(answer.text).text, part + 1
    assert part > 3
    assert all(told.count(f"Paragraph {number}: ") == 1 for number in range(300))


def test_two_versions_stand_side_by_side(client: Client) -> None:
    answer = client.get("/article/1/compare?from=1&to=2").text
    assert "<del>Forty</del> people were taken off" in answer
    assert "<ins>Forty-two</ins> people were taken off" in answer
    assert "Ferry sinks off the <ins>old</ins> harbour" in answer
    assert "Version 1, 25 November 2026" in Page(answer).text
    assert "shown" not in answer


def test_search_marks_hits_and_offers_what_narrows(client: Client) -> None:
    answer = client.get("/search?q=harbour")
    page = Page(answer.text)
    assert "4 articles" in page.text
    assert "<mark>harbour</mark>" in answer.text
    assert "/search?q=harbour&origin=wayback" in page.links
    assert "/search?q=harbour&since=2019&until=2019" in page.links
    narrowed = client.get("/search?q=harbour&origin=wayback").text
    assert "1\u00a0article" in narrowed
    assert "/search?q=harbour" in Page(narrowed).links  # takes the filter away


def test_search_shows_all_when_nothing_is_asked_and_says_when_there_is_nothing(client: Client) -> None:
    assert "5 articles" in words(client, "/search")
    assert "holds all of these words" in words(client, "/search?q=zeppelin")
    assert "Take a filter away" in words(client, "/search?q=ferry&language=tlh")
    assert "'yesterday' is no date" in words(client, "/search?q=ferry&since=yesterday")
    assert "김정은" in words(client, "/search?q=국무위원장")


def test_search_leafs_through_many_hits(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    for number in range(45):
        keep(store, f"https://news.example/{number}", article(f"Story {number}", f"The ferry number {number} sails. " * 3))
    store.close()
    seen: list[str] = []
    with Client(tmp_path) as client:
        path: str | None = "/search?q=ferry&sort=date"
        while path:
            page = Page(client.get(path).text)
            seen += [link for link in page.links if link.startswith("/article/")]
            path = next((one["href"] for _, one in page.all("a") if one.get("rel") == "next"), None)
    assert len(seen) == len(set(seen)) == 45


@pytest.mark.parametrize(
    "asked", ["https://news.example/ferry", "news.example/2024/harbour-wrong", " HTTPS://www.news.example/ferry/ "]
)
def test_any_address_of_an_article_leads_to_it(client: Client, asked: str) -> None:
    answer = client.get(f"/address?url={asked}")
    assert (answer.status_code, answer.headers["location"].split("/")[1]) == (302, "article")


def test_an_address_without_article_tells_what_is_known(client: Client) -> None:
    told = words(client, "/address?url=https://old.example/2019/gone-for-good")
    assert "no archive has it" in told
    assert "clipping.txt as a related story" in told
    assert client.get("/address?url=javascript:alert(1)").status_code == 400


def test_link_health_counts_by_year_and_site_and_tells_repairs(client: Client) -> None:
    answer = client.get("/health").text
    told = Page(answer).text
    assert "Of 66 links that were looked at, 14 are alive and 32 are gone (48 %). For 1 of the dead" in told
    assert "20 refused us or could not be told: they are not counted as dead" in told
    assert "2019 1 1 4 0 0 6" in told  # alive, repaired, gone, refused, not known, all
    assert "news.example 3 1 0 0 0 4" in told
    bars = [one for _, one in Page(answer).all("rect") if "x" in one]
    assert max(float(one["x"]) + float(one["width"]) for one in bars) == pytest.approx(100, abs=0.01)
    assert {one["class"] for one in bars} == {"alive", "repaired", "gone", "blocked", "unknown"}


def test_link_health_is_counted_anew_when_something_was_checked(tmp_path: Path) -> None:
    store = open_store(tmp_path, Clock())
    with Client(tmp_path) as client:
        for number in range(1, 4):
            with store.transaction():
                store.record(visit(store, f"https://news.example/{number}", State.HARD_GONE))
            assert f"{number} are gone" in words(client, "/health").replace("1 is", "1 are")
            assert client.get("/health").text == client.get("/health").text
    store.close()


def test_sources_and_runs(client: Client) -> None:
    told = words(client, "/sources")
    assert "The News silent: <script>" in told
    assert "site0.example" in told
    assert "morgue crawl clipping.txt" in told
    assert "complete" in told


def test_an_empty_archive_says_how_to_begin(tmp_path: Path) -> None:
    open_store(tmp_path).close()
    with Client(tmp_path) as client:
        assert "Nothing is kept here yet" in words(client, "/")
        assert "No link was looked at yet" in words(client, "/health")
        assert "Nothing was run here yet" in words(client, "/sources")
        assert "0 articles" in words(client, "/search")


def test_no_home_is_an_error_before_anything_is_served(tmp_path: Path) -> None:
    with pytest.raises(NothingFound, match="there is no archive in"):
        ReadingRoom(Home(tmp_path / "nowhere"))
    assert not (tmp_path / "nowhere").exists()


# -- archived material is inert ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [*PAGES, *MISSING, f"/search?q={web_home.HOSTILE}", f"/nowhere/{web_home.HOSTILE}"])
def test_hostile_text_is_shown_and_never_markup(client: Client, path: str) -> None:
    answer = client.get(path).text
    assert "<script>alert" not in answer
    assert "<img src=x" not in answer
    assert 'lang="en"><b>' not in answer


def test_hostile_text_is_shown_as_it_is(client: Client) -> None:
    told = words(client, "/article/3")
    assert told.count('<script>alert("x")</script><img src=x onerror=alert(1)>"\'&amp;') >= 3


def test_a_scheme_that_runs_is_no_link(tmp_path: Path) -> None:
    web_home.build(tmp_path)
    db = connect(Home(tmp_path).database)
    db.execute("UPDATE articles SET archive_url = 'javascript:alert(1)', origin = 'wayback' WHERE id = 1")
    db.execute("UPDATE links SET url = 'data:text/html,<b>' WHERE role = 'inline'")
    db.close()
    with Client(tmp_path) as client:
        links = Page(client.get("/article/1").text).links
    assert [link for link in links if link.startswith(("javascript", "data"))] == []


def test_a_record_is_only_ever_a_download(client: Client) -> None:
    answer = client.get("/record/1")
    assert answer.headers["content-disposition"] == 'attachment; filename="crawl-20261125120000-1.warc.gz"'
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["x-content-type-options"] == "nosniff"
    plain = gzip.decompress(answer.content)
    assert plain.startswith(b"WARC/1.1\r\n")
    assert b"<h1>Ferry sinks off the harbour</h1>" in plain


def test_a_damaged_record_is_told_and_not_sent(tmp_path: Path) -> None:
    web_home.build(tmp_path)
    [file] = (tmp_path / "warc").glob("*.warc.gz")
    with file.open("r+b") as stream:
        stream.truncate(2000)
    with Client(tmp_path) as client:
        answer = client.get("/record/4")
    assert answer.status_code == 503
    assert "restore a copy" in answer.text or "cut short" in answer.text


# -- read-only, and beside a writer -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sql", ["delete from articles", "update articles set title = 1", "pragma journal_mode=delete", "attach 'x' as y", "nonsense"]
)
def test_nothing_is_changed_by_asking(client: Client, sql: str) -> None:
    answer = client.get(f"/morgue?sql={sql}")
    assert answer.status_code == 400
    assert client.get("/morgue/articles.json?_shape=array&_col=id").json()[0]["id"] == 1


def test_pages_follow_a_crawl_that_is_writing(tmp_path: Path) -> None:
    store = open_store(tmp_path, Clock())
    with Client(tmp_path) as client:
        for number in range(3):
            assert client.get("/search?q=ferry").text.count("<li><h3>") == number
            keep(store, f"https://news.example/{number}", article(f"Ferry {number}", f"The ferry {number} sails at noon. " * 9))
            assert f"{number + 1}\u00a0article" in client.get("/").text
            assert client.get(f"/record/{number + 1}").status_code == 200
            assert len(client.get("/morgue/articles.json").json()["rows"]) == number + 1
    store.close()


def test_a_damaged_database_is_told_in_words(tmp_path: Path) -> None:
    web_home.build(tmp_path)
    with Client(tmp_path) as client:
        db = connect(Home(tmp_path).database)
        db.execute("DROP VIEW host_health")
        db.close()
        answer = client.get("/sources")
    assert answer.status_code == 503
    assert "is damaged (no such table: host_health)" in Page(answer.text).text
