"""Repairs that need no question to the index, end to end: a move that other sites made, an archived page that lists the story."""

from __future__ import annotations

import json
from pathlib import Path

from tests.crawler.conftest import QUICK, Morgue
from tests.crawler.small_web import asked, outlet, page, story, url
from tests.internet import Corpus, Internet
from tests.internet.build import not_found_page, plain_page

AT = "20260301120000"


def links_of(folder: Path, *links: tuple[str, int]) -> Path:
    """A list of addresses, each with the title of a story."""
    rows = [
        {"id": place, "url": link, "title": story(number).title, "date": "2026-03-01"}
        for place, (link, number) in enumerate(links)
    ]
    path = folder / "links.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def moved_to(link: str) -> str:
    return link.replace("/2026/03/", "/archive/").replace("/archive/" + link.split("/")[5], "/archive")


def test_a_site_that_moved_as_two_others_did(tmp_path: Path) -> None:
    """The archive saw two sites send their readers on; of the third it has nothing."""
    corpus, links = Corpus(), []
    for number, host in enumerate(("one.example", "two.example", "three.example"), 1):
        link = url(host, number)
        corpus.host(host, missing=not_found_page(outlet(host)))
        corpus.live(moved_to(link), page(host, number))
        if number < 3:
            corpus.capture(link, AT, status=301, location=moved_to(link))
        links.append((link, number))
    with Internet([corpus.write(tmp_path / "web")]) as net:
        told = Morgue(tmp_path / "home", net).run("repair", links_of(tmp_path, *links), "--json", *QUICK)
    assert told.code == 0, told.err
    assert [found["method"] for found in told.objects] == ["redirect", "redirect", "rule"]
    assert [found["replacement"] for found in told.objects] == [moved_to(link) for link, _ in links]
    assert net.requests("cdx") == []
    assert net.leaks == []


def test_an_archived_section_page_knows_the_true_address(tmp_path: Path) -> None:
    """The link's words are nobody's, so that no index finds it by them."""
    host, true = "one.example", url("one.example", 5)
    links = [
        (f"https://{host}/2026/03/06/bells-and-herring-told-again", 5),
        (f"https://{host}/2026/03/05/never-seen-by-anybody-at-all", 7),
    ]
    corpus = Corpus()
    corpus.host(host, missing=not_found_page(outlet(host)))
    corpus.capture(true, AT, page(host, 5))
    corpus.capture(
        f"https://{host}/", AT, plain_page(outlet(host), "One", links=(("A ferry", url(host, 9)), (story(5).title, true)))
    )
    with Internet([corpus.write(tmp_path / "web")]) as net:
        told = Morgue(tmp_path / "home", net).run("repair", links_of(tmp_path, *links), "--json", *QUICK)
    found, none = told.objects
    assert (found["verdict"], found["method"], found["replacement"]) == ("replaced", "index_page", true), told.err
    assert found["archive_url"] == f"https://web.archive.org/web/{AT}/{true}"
    assert none["verdict"] == "none"
    front = [address for address in asked(net, f"id_/https://{host}/", "replay") if address.endswith(f"{host}/")]
    assert len(front) == len(set(front)), "two links of a week share one replay"
    assert len(net.requests("cdx")) == 1, "one question for both together"


def test_a_site_that_lists_its_stories_under_their_new_addresses(tmp_path: Path) -> None:
    """Its robots.txt names an index of sitemaps by month; two links share what was read of them."""
    host, corpus, links = "one.example", Corpus(), [(url("one.example", number), number) for number in (1, 2)]
    robots = f"User-agent: *\nAllow: /\nSitemap: https://{host}/maps.xml\n"
    corpus.host(host, missing=not_found_page(outlet(host)), robots=robots)
    months = [f"https://{host}/maps/{month}.xml" for month in ("2026-01", "2026-02", "2026-03")]
    corpus.live(f"https://{host}/maps.xml", sitemap("sitemapindex", "sitemap", months), type="application/xml")
    new = [
        f"https://{host}/archive{story(number).path.rpartition('/')[0][-3:]}/{story(number).path.split('/')[-1]}"
        for _, number in links
    ]
    corpus.live(months[2], sitemap("urlset", "url", new), type="application/xml")
    for (_, number), address in zip(links, new, strict=True):
        corpus.live(address, page(host, number))
    with Internet([corpus.write(tmp_path / "web")]) as net:
        told = Morgue(tmp_path / "home", net).run("repair", links_of(tmp_path, *links), "--json", *QUICK)
    assert [(found["method"], found["replacement"]) for found in told.objects] == [("site_list", address) for address in new], (
        told.err
    )
    assert [len(asked(net, place, "live")) for place in ("/maps.xml", "/maps/2026-03.xml", "/feed")] == [1, 1, 1]
    assert net.requests("cdx") == []
    assert net.leaks == []


def sitemap(root: str, item: str, addresses: list[str]) -> str:
    items = "".join(f"<{item}><loc>{address}</loc></{item}>" for address in addresses)
    return f'<?xml version="1.0"?><{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{items}</{root}>'
