"""`morgue crawl` without FILE and URL: what cron starts."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path

import pytest

from archive.home import Home
from archive.sources.base import ListingKind, Offer, Source
from archive.store import Store
from archive.subscriptions import add, delays
from tests.crawler.conftest import Ended, Morgue
from tests.crawler.small_web import asked, bell, outlet, page, publish, story, url
from tests.internet import Corpus, Internet

HOST = "paper.example"
FEED = f"https://{HOST}/feed.xml"
SITEMAP = f"https://{HOST}/sitemap.xml"
KEPT = (
    "urls",
    "frontier",
    "captures",
    "articles",
    "versions",
    "links",
    "checks",
    "lookups",
    "repairs",
    "listings",
    "announcements",
    "source_health",
    "robots",
)


def feed(*numbers: int) -> str:
    items = "".join(f"<item><title>{escape(story(n).title)}</title><link>{url(HOST, n)}</link></item>" for n in numbers)
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Paper</title>{items}</channel></rss>'


def subscribe(morgue: Morgue, *offers: Offer, name: str = "paper", host: str = HOST) -> None:
    home = Home(morgue.home)
    home.create()
    store = Store(home, lambda: datetime.now(UTC))
    with store.transaction():
        add(store.db, Source(name, f"https://{host}/", offers, depth=0), store.now())
    store.close()


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Morgue]:
    """A paper whose feed names four stories; three of them are there, all with validators."""
    corpus = Corpus()
    publish(corpus, HOST, 9)
    for number in (1, 2, 3):
        corpus.live(url(HOST, number), page(HOST, number), headers={"ETag": f'"{number}"'})
    corpus.live(FEED, feed(1, 2, 3, 4), type="application/rss+xml", headers={"ETag": '"feed"'})
    with Internet([corpus.write(tmp_path / "web")]) as net:
        morgue = Morgue(tmp_path / "home", net)
        subscribe(morgue, Offer(FEED, ListingKind.FEED, "given"))
        yield morgue


def run(morgue: Morgue, *options: str) -> Ended:
    return morgue.crawl("-s", "MORGUE_LADDER=False", "-s", "MORGUE_PATIENCE=0", *options)


def long_ago(morgue: Morgue) -> None:
    """As if everything were due again."""
    morgue.change("UPDATE listings SET due = '2000-01-01T00:00:00Z'")
    morgue.change("UPDATE frontier SET revisit = '2000-01-01T00:00:00Z' WHERE revisit IS NOT NULL")


def contents(morgue: Morgue) -> dict[str, list[dict[str, object]]]:
    return {table: morgue.rows(f"SELECT * FROM {table}") for table in KEPT}


def test_what_a_source_lists_is_fetched(web: Morgue) -> None:
    done = run(web)
    assert done.code == 0, done.err
    assert [row["url"] for row in web.rows("SELECT url FROM articles ORDER BY url")] == sorted(url(HOST, n) for n in (1, 2, 3))
    assert "1 listings read; 4 new addresses" in done.out
    assert web.value("SELECT count(*) FROM announcements") == 4


def test_a_second_run_writes_nothing_but_its_row(web: Morgue) -> None:
    run(web)
    before, requests = contents(web), len(web.net.requests())  # type: ignore[union-attr]
    done = run(web)
    assert done.code == 0
    assert contents(web) == before
    assert len(web.net.requests()) == requests  # type: ignore[union-attr]
    assert web.value("SELECT count(*) FROM runs") == 2
    assert "nothing is due" in done.out


def test_what_is_due_is_asked_for_with_conditions(web: Morgue) -> None:
    run(web)
    long_ago(web)
    captures = web.rows("SELECT * FROM captures WHERE statuscode = 200")
    done = run(web)
    assert done.code == 0, done.err
    assert web.net is not None
    again = [record for record in web.net.requests() if record.headers.get("if-none-match")]
    assert {record.url for record in again} == {FEED, *(url(HOST, n) for n in (1, 2, 3))}
    assert web.rows("SELECT * FROM captures WHERE statuscode = 200") == captures  # 304 has no body to keep
    assert web.value("SELECT count(*) FROM checks WHERE rule = 'not_modified' AND state = 'alive'") == 3
    assert web.value("SELECT count(*) FROM listings WHERE state = 'unchanged'") == 1


def test_robots_txt_is_asked_for_once_a_day_and_not_once_a_run(web: Morgue) -> None:
    run(web)
    long_ago(web)
    run(web)
    assert web.net is not None
    assert len(asked(web.net, "/robots.txt")) == 1
    web.change("UPDATE robots SET fetched = '2000-01-01T00:00:00Z'")
    long_ago(web)
    run(web)
    assert len(asked(web.net, "/robots.txt")) == 2


@pytest.mark.parametrize("options", [("--limit", "1"), ("--dry-run",)])
def test_a_small_run_changes_nothing_in_what_the_next_one_fetches(web: Morgue, options: tuple[str, ...]) -> None:
    first = run(web, *options)
    assert first.code == 0, first.err
    assert run(web).code == 0
    assert web.value("SELECT count(*) FROM articles") == 3
    assert web.value("SELECT count(*) FROM frontier WHERE state = 'done'") == 4


def test_a_dry_run_asks_nobody_and_leaves_no_trace(web: Morgue) -> None:
    before = contents(web)
    done = run(web, "--dry-run")
    assert (done.code, done.out) == (0, f"listing  {FEED}\n")
    assert web.net is not None
    assert web.net.requests() == []
    assert contents(web) == before
    assert web.value("SELECT count(*) FROM runs") == 0


def test_time_that_is_up_leaves_the_rest_for_the_next_run(web: Morgue) -> None:
    done = run(web, "--max-time", "0.001s")
    assert done.code == 0, done.err
    assert web.value("SELECT count(*) FROM articles") == 0
    run(web)
    assert web.value("SELECT count(*) FROM articles") == 3


@pytest.mark.parametrize("part", ["/feed.xml", "parish-1-", "parish-3-", "/robots.txt"])
def test_a_killed_run_is_continued_by_the_next(web: Morgue, part: str) -> None:
    assert web.net is not None
    with bell(web.net, part) as rung, web.popen("crawl", "-s", "DOWNLOAD_DELAY=0", "-s", "MORGUE_LADDER=False") as process:
        assert rung.wait(60)
        process.send_signal(signal.SIGKILL)
    assert run(web).code == 0
    assert web.value("SELECT count(*) FROM articles") == 3
    assert web.value("SELECT count(*) FROM frontier WHERE state != 'done'") == 0


def test_a_feed_that_moves_and_one_that_breaks(tmp_path: Path) -> None:
    corpus = Corpus()
    publish(corpus, HOST, 1, 2)
    corpus.live(FEED, status=301, location="/news/rss")
    corpus.live(f"https://{HOST}/news/rss", feed(1), type="application/rss+xml")
    corpus.live(SITEMAP, "<!doctype html><html><body>Not here any more</body></html>")
    with Internet([corpus.write(tmp_path / "web")]) as net:
        morgue = Morgue(tmp_path / "home", net)
        subscribe(morgue, Offer(FEED, ListingKind.FEED, "given"), Offer(SITEMAP, ListingKind.SITEMAP, "given"))
        done = run(morgue)
    assert done.code == 0, done.err
    [moved, broken] = morgue.rows("SELECT * FROM listings ORDER BY kind")
    assert (moved["url"], moved["former_url"], moved["state"]) == (f"https://{HOST}/news/rss", FEED, "ok")
    assert (broken["state"], broken["tries"]) == ("broken", 1)
    assert f"source paper: {SITEMAP}: a web page came in the place of a sitemap" in done.err


def test_a_source_that_fails_is_told_with_exit_code_6(tmp_path: Path) -> None:
    corpus = Corpus()
    publish(corpus, HOST, 1)
    corpus.live(FEED, "gone fishing", status=503)
    with Internet([corpus.write(tmp_path / "web")]) as net:
        morgue = Morgue(tmp_path / "home", net)
        subscribe(morgue, Offer(FEED, ListingKind.FEED, "given"))
        codes = []
        for _ in range(4):
            done = run(morgue)
            codes.append(done.code)
            long_ago(morgue)
            morgue.later()
    assert codes == [0, 0, 6, 6]
    assert done.code == 6
    assert "failing: paper, since" in done.out
    [health] = morgue.rows("SELECT * FROM source_health")
    assert health["state"] == "failing"
    assert "it answered 503" in health["reason"]


def test_a_source_is_fetched_to_its_own_depth_and_within_its_bounds(tmp_path: Path) -> None:
    corpus = Corpus()
    publish(corpus, HOST, 2, 3)
    corpus.live(url(HOST, 1), page(HOST, 1, related=((story(2).title, url(HOST, 2)),)))
    outside = "https://other.example/2026/03/02/a-story-of-another-paper"
    corpus.live(FEED, feed(1).replace("</channel>", f"<item><link>{outside}</link></item></channel>"), type="text/xml")
    with Internet([corpus.write(tmp_path / "web")]) as net:
        for name, depth in (("shallow", 0), ("deep", 1)):
            morgue = Morgue(tmp_path / name, net)
            subscribe(morgue, Offer(FEED, ListingKind.FEED, "given"))
            morgue.change(f"UPDATE sources SET depth = {depth}")
            run(morgue)
            assert morgue.value("SELECT count(*) FROM articles") == depth + 1
            assert outlet(HOST).host in morgue.value("SELECT url FROM sources")
        assert net.leaks == []


def test_what_a_source_denies_is_not_followed_either(tmp_path: Path) -> None:
    corpus = Corpus()
    publish(corpus, HOST, 2, 3)
    corpus.live(url(HOST, 1), page(HOST, 1, related=tuple((story(n).title, url(HOST, n)) for n in (2, 3))))
    corpus.live(FEED, feed(1), type="application/rss+xml")
    with Internet([corpus.write(tmp_path / "web")]) as net:
        morgue = Morgue(tmp_path / "home", net)
        subscribe(morgue, Offer(FEED, ListingKind.FEED, "given"))
        morgue.change("UPDATE sources SET depth = 1, deny = '[\"*parish-3\"]'")
        run(morgue)
        assert asked(net, "parish-3-") == []
    assert morgue.value("SELECT count(*) FROM articles") == 2


def test_the_delay_of_a_source_is_its_hosts(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.create()
    store = Store(home, lambda: datetime.now(UTC))
    with store.transaction():
        add(store.db, Source("paper", f"https://{HOST}/", delay=7.5), store.now())
        add(store.db, Source("other", "https://other.example/"), store.now())
        assert delays(store.db) == {HOST: 7.5}
    store.close()


def test_what_is_paused_is_left_alone(web: Morgue) -> None:
    web.change("UPDATE sources SET state = 'paused'")
    assert "nothing is due" in run(web).out
    assert web.net is not None
    assert web.net.requests() == []


def test_an_article_is_due_again_by_its_age(web: Morgue) -> None:
    run(web)
    soonest = datetime.now(UTC) + timedelta(hours=5)
    dues = web.rows("SELECT f.revisit, a.id FROM frontier f JOIN urls u ON u.id = f.url_id LEFT JOIN articles a ON a.url = u.url")
    assert all(datetime.fromisoformat(row["revisit"]) > soonest for row in dues)
    assert len(dues) == 4
