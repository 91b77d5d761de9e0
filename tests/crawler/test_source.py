"""`morgue source` as people use it: what a site offers is found by few requests, kept, checked, listed and exported."""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from archive.home import Home, HomeLock
from tests.crawler.conftest import Ended, Morgue
from tests.crawler.small_web import asked, outlet, publish, story, url
from tests.internet import Corpus, Internet
from tests.internet.build import plain_page

RSS, XML = "application/rss+xml; charset=utf-8", "application/xml"
FULL, QUIET, LISTS, BARE, WALLED, INDEXED = (
    f"{name}.example" for name in ("full", "quiet", "lists", "bare", "walled", "indexed")
)
QUICK = ("-s", "DOWNLOAD_DELAY=0")


def feed(host: str, *numbers: int, language: str = "en") -> str:
    items = "".join(f"<item><title>{story(n).title}</title><link>{url(host, n)}</link></item>" for n in numbers)
    head = f"<title>{outlet(host).name}</title><link>https://{host}/</link><language>{language}</language>"
    return f'<rss version="2.0"><channel>{head}{items}</channel></rss>'


def sitemap(host: str, *numbers: int) -> str:
    return f"<urlset>{''.join(f'<url><loc>{url(host, n)}</loc></url>' for n in numbers)}</urlset>"


def front(host: str, *numbers: int, head: str = "") -> str:
    links = [(story(n).title, url(host, n)) for n in numbers]
    return plain_page(outlet(host), outlet(host).name, "All of today's news.", links=links).replace("</head>", f"{head}</head>")


def world() -> Corpus:
    corpus = Corpus()
    robots = (
        f"User-agent: *\nDisallow: /private\nSitemap: https://{FULL}/maps/index.xml\nSitemap: https://{FULL}/private/map.xml\n"
    )
    publish(corpus, FULL, 1, 2, 3, robots=robots)
    declared = '<link rel="alternate" type="application/rss+xml" title="Top" href="/top.rss">'
    declared += '<link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed">'
    corpus.live(f"https://{FULL}/", front(FULL, 1, 2, 3, head=declared))
    corpus.live(f"https://{FULL}/top.rss", feed(FULL, 1, 2), type=RSS, headers={"ETag": '"one"'})
    index = f"<sitemapindex><sitemap><loc>https://{FULL}/maps/1.xml.gz</loc></sitemap></sitemapindex>"
    corpus.live(f"https://{FULL}/maps/index.xml", index, type=XML)
    corpus.live(f"https://{FULL}/maps/1.xml.gz", gzip.compress(sitemap(FULL, 1, 2, 3).encode(), mtime=0), type="application/gzip")

    publish(corpus, QUIET, 1, 2)
    corpus.live(f"https://{QUIET}/rss", status=301, location=f"https://{QUIET}/rss.xml")
    corpus.live(f"https://{QUIET}/rss.xml", feed(QUIET, 1, 2, language="de"), type=RSS)
    corpus.live(f"https://{QUIET}/sitemap.xml", sitemap(QUIET, 1, 2) + "<b>Notice</b>", type=XML)
    corpus.live(f"https://{QUIET}/moving.rss", status=302, location=f"https://{QUIET}/rss.xml")

    corpus.live("https://former.example/", status=301, location=f"https://{QUIET}/")

    publish(corpus, LISTS, *range(1, 8))
    corpus.live(f"https://{LISTS}/", front(LISTS, 1, 2, 3))
    corpus.live(f"https://{LISTS}/news", front(LISTS, 4, 5, 6))
    corpus.live(f"https://{LISTS}/opinion", front(LISTS, 7))

    publish(corpus, INDEXED, 1, 2)
    corpus.live(f"https://{INDEXED}/", front(INDEXED, 1).replace("<footer>", '<footer><a href="/feeds.html">RSS feeds</a>'))
    feeds = '<a href="/feeds/top.xml">Top</a> <a href="/feeds/all.rss">All</a> <a href="/feeds/copy.rss">All again</a>'
    corpus.live(f"https://{INDEXED}/feeds.html", front(INDEXED).replace("<main>", f"<main>{feeds}"))
    for name, numbers in (("all", (1, 2)), ("copy", (1, 2))):
        corpus.live(f"https://{INDEXED}/feeds/{name}.rss", feed(INDEXED, *numbers), type=RSS)

    publish(corpus, BARE, 1)
    publish(corpus, WALLED, 1, robots="User-agent: *\nDisallow: /\n")
    return corpus


@pytest.fixture(scope="module")
def net(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Internet]:
    with Internet([world().write(tmp_path_factory.mktemp("web"))]) as made:
        yield made
        assert made.leaks == []


@pytest.fixture
def morgue(tmp_path: Path, net: Internet) -> Morgue:
    return Morgue(tmp_path / "home", net)


def add(morgue: Morgue, *arguments: object, **how: Any) -> Ended:
    return morgue.run("source", "add", *QUICK, "--json", *arguments, **how)


def listed(ended: Ended) -> list[tuple[str, str, str, int]]:
    """Kind, path, how it was found, articles: of each listing that was told."""
    return [
        (one["kind"], one["url"].partition(".example")[2], one["found_by"], one["entries"])
        for source in ended.objects
        for one in source["listings"]
    ]


def test_a_site_that_says_what_it_has(morgue: Morgue, net: Internet) -> None:
    before = len(asked(net, FULL))
    ended = add(morgue, f"https://{FULL}")
    assert (ended.code, ended.object["result"], ended.object["name"]) == (0, "added", FULL), ended.err
    assert listed(ended) == [("feed", "/top.rss", "link", 2), ("sitemap", "/maps/index.xml", "robots", 0)]
    assert ended.object["listings"][1]["children"] == 1
    requests = [address.partition(".example")[2] for address in asked(net, FULL)[before:]]
    assert requests == ["/robots.txt", "/", "/top.rss", "/robots.txt", "/maps/index.xml"], "nothing in vain, nothing forbidden"
    rows = morgue.rows("SELECT s.name, s.language, l.kind, l.state, l.tries FROM listings l JOIN sources s ON s.id = l.source_id")
    assert rows == [{"name": FULL, "language": "en", "kind": kind, "state": "new", "tries": 0} for kind in ("feed", "sitemap")]
    assert morgue.value("SELECT count(*) AS n FROM urls") == 0, "no article is queued by it"
    again = add(morgue, f"https://{FULL}/top.rss")
    assert (again.code, again.object["result"]) == (0, "known")


def test_a_site_that_says_nothing_is_asked_at_the_usual_places(morgue: Morgue) -> None:
    ended = add(morgue, f"https://{QUIET}")
    assert ended.code == 0, ended.err
    assert listed(ended) == [("feed", "/rss.xml", "path", 2), ("sitemap", "/sitemap.xml", "path", 2)]
    assert morgue.value("SELECT language FROM sources") == "de"


def test_a_site_without_feed_is_read_by_its_pages(morgue: Morgue) -> None:
    ended = add(morgue, f"https://{LISTS}")
    assert ended.code == 0, ended.err
    assert listed(ended) == [("section", "/", "front", 3), ("section", "/news", "link", 3)], "a page with one article lists none"


def test_a_site_that_has_moved_is_kept_where_it_is(morgue: Morgue) -> None:
    """Or its articles were on another site than it, and all of them out of bounds."""
    ended = add(morgue, "https://former.example/")
    assert (ended.code, ended.object["name"], ended.object["url"]) == (0, QUIET, f"https://{QUIET}/"), ended.err


def test_a_page_that_lists_feeds_is_read(morgue: Morgue) -> None:
    ended = add(morgue, f"https://{INDEXED}")
    assert ended.code == 0, ended.err
    assert listed(ended) == [("feed", "/feeds/all.rss", "anchor", 2)], "the same feed under two addresses is one"


def test_nothing_found_is_said_with_what_to_do(morgue: Morgue) -> None:
    ended = morgue.run("source", "add", *QUICK, f"https://{BARE}")
    assert ended.code == 4
    assert "nothing to read was found there" in ended.out
    assert "--section URL" in ended.out
    assert not morgue.home.exists()


def test_a_site_that_cannot_be_looked_at_is_not_called_empty(morgue: Morgue) -> None:
    ended = add(morgue, f"https://{WALLED}", f"https://{QUIET}/rss.xml")
    assert ended.code == 3
    walled, quiet = ended.objects
    assert (walled["result"], quiet["result"]) == ("failed", "added")
    assert "robots.txt does not allow" in walled["reason"]


def test_a_dry_run_leaves_no_trace(morgue: Morgue) -> None:
    ended = add(morgue, "--dry-run", f"https://{QUIET}")
    assert (ended.code, ended.object["result"], len(ended.object["listings"])) == (0, "found", 2)
    assert not morgue.home.exists()


def test_a_listing_that_is_given_is_the_only_one_asked_for(morgue: Morgue, net: Internet) -> None:
    before = Counter(asked(net, QUIET))
    ended = add(morgue, f"https://{QUIET}", "--feed", f"https://{QUIET}/moving.rss", "--name", "quiet", "--deny", "*live*")
    assert listed(ended) == [("feed", "/moving.rss", "given", 2)], "what moved for a while is asked where it was"
    after = Counter(asked(net, QUIET)) - before
    assert sorted(address.partition(".example")[2] for address in after) == ["/moving.rss", "/robots.txt", "/rss.xml"]
    assert morgue.rows("SELECT name, deny FROM sources") == [{"name": "quiet", "deny": '["*live*"]'}]


def test_lists_of_sources_in_and_out(morgue: Morgue, tmp_path: Path, net: Internet) -> None:
    before = len(asked(net, FULL))
    opml = tmp_path / "feeds.opml"
    opml.write_text(
        f'<opml><body><outline text="Full" xmlUrl="https://{FULL}/top.rss" htmlUrl="https://{FULL}/"/><outline text="x"/></body></opml>'
    )
    bookmarks = tmp_path / "bookmarks.html"
    bookmarks.write_text(f'<!DOCTYPE NETSCAPE-Bookmark-file-1><DL><p><DT><A HREF="https://{QUIET}/">Quiet</A></DL>')
    ended = add(morgue, opml, bookmarks, tmp_path / "no.csv")
    assert ended.code == 3
    assert "no.csv: there is no such file" in ended.err
    assert "feeds.opml: x: no address" in ended.err
    assert {one["name"]: one["result"] for one in ended.objects} == {"Full": "added", "Quiet": "added"}
    assert len(asked(net, FULL)) == before, "what a list names is not fetched to be added"
    out = morgue.run("source", "export", "--format", "csv")
    again = Morgue(tmp_path / "again", net)
    (tmp_path / "all.csv").write_text(out.out)
    assert add(again, tmp_path / "all.csv").code == 0
    assert again.run("source", "export").out == morgue.run("source", "export").out
    assert morgue.run("source", "export", "nobody").code == 4


def test_check_tells_what_each_listing_would_give_and_writes_nothing(morgue: Morgue, net: Internet) -> None:
    add(morgue, f"https://{QUIET}", "--deny", "/2026/03/03/")
    morgue.change(f"INSERT INTO urls (url, urlkey, host, site, slug, first_seen) VALUES ('{url(QUIET, 1)}', '', '', '', '', '')")
    assert "older than its subscription" in morgue.run("source", "check", *QUICK).out
    morgue.change("UPDATE sources SET added = '2026-03-10T00:00:00Z'")
    before = (morgue.home / "morgue.db").read_bytes()
    ended = morgue.run("source", "check", *QUICK, "--json")
    (source,) = ended.objects
    assert ended.code == 0, ended.err
    assert [(one["entries"], one["new"], one["out_of_bounds"]) for one in source["listings"]] == [
        (2, 0, {"denied by '/2026/03/03/'": 1})
    ] * 2
    assert (morgue.home / "morgue.db").read_bytes() == before
    morgue.change(f"UPDATE listings SET url = 'https://{QUIET}/gone.xml' WHERE kind = 'sitemap'")
    broken = morgue.run("source", "check", *QUICK, QUIET)
    assert broken.code == 3
    assert "it answers 404" in broken.out


def test_pause_resume_remove_and_list(morgue: Morgue) -> None:
    add(morgue, f"https://{QUIET}/rss.xml")
    assert morgue.run("source", "pause", "--dry-run", QUIET).out == f"would be paused: {QUIET}\n"
    assert morgue.value("SELECT state FROM sources") == "active"
    assert morgue.run("source", "pause", "--json", "quiet").object == {"name": QUIET, "action": "pause", "done": True}
    assert "paused" in morgue.run("source", "list").out
    assert morgue.run("source", "resume", QUIET).code == 0
    shown = morgue.run("source", "show", "--json", QUIET).object
    assert (shown["state"], [one["url"] for one in shown["listings"]]) == ("active", [f"https://{QUIET}/rss.xml"])
    assert morgue.run("source", "remove", QUIET, "nobody").code == 4
    assert morgue.value("SELECT count(*) FROM sources") == 1, "all or none"
    assert morgue.run("source", "remove", QUIET).out == f"removed: {QUIET}\n"
    assert "there are no sources yet" in morgue.run("source", "list").err


def test_sources_of_the_settings_are_there_when_a_run_begins(morgue: Morgue) -> None:
    morgue.home.mkdir()
    toml = morgue.home / "morgue.toml"
    toml.write_text(f'[[sources]]\nname = "full"\nurl = "https://{FULL}/"\nfeeds = ["https://{FULL}/top.rss"]\ndelay = 2\n')
    assert morgue.crawl(url(QUIET, 1)).code == 0
    (source,) = morgue.run("source", "list", "--json").objects
    assert (source["name"], source["origin"], source["listings"]) == ("full", "config", {"feed": 1})
    assert "stands in morgue.toml" in morgue.run("source", "remove", "full").err
    toml.write_text('[[sources]]\nname = "full"\n')
    broken = morgue.run("source", "pause", "full")
    assert (broken.code, "sources[1].url: is missing" in broken.err) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("add", "ftp://paper.example/"), 3, "there is no such file"),
        (("add", f"https://{QUIET}", "--allow", "news"), 2, "'news': a pattern begins with /"),
        (("add", f"https://{QUIET}", f"https://{BARE}", "--name", "two"), 2, "--name is for one source"),
        (("add", f"https://{QUIET}", "--feed", "mailto:x"), 2, "is not an address that can be fetched"),
        (("list",), 4, "there is no archive"),
        (("pause", "x"), 4, "there is no archive"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(morgue: Morgue, arguments: tuple[str, ...], code: int, told: str) -> None:
    ended = morgue.run("source", *arguments)
    assert (ended.code, told in ended.err) == (code, True), ended.err
    assert "Traceback" not in ended.err
    assert not morgue.home.exists()


def test_a_home_in_use_is_said_before_anything_is_fetched(morgue: Morgue, net: Internet) -> None:
    add(morgue, f"https://{QUIET}/rss.xml")
    before = len(net.requests())
    with HomeLock(Home(morgue.home), "another", datetime.now(UTC)):
        ended = add(morgue, f"https://{LISTS}")
    assert ended.code == 7
    assert len(net.requests()) == before
