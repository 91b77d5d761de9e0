"""A page that shows less than it did: its good text stays, what it shows now is kept, and the summary says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crawler.conftest import Morgue
from tests.crawler.small_web import page, publish, story
from tests.internet import Corpus, Internet

HOST = "paper.example"
WHOLE = page(HOST, 1)
TEXT = story(1).paragraphs
STUB = WHOLE.replace(TEXT[-1], "Subscribe to continue reading.")
for _paragraph in TEXT[2:-1]:
    STUB = STUB.replace(_paragraph, "")
CONSENT = (
    "<html><title>Before you continue</title><h1>We value your privacy</h1>"
    "<p>We and our vendors use cookies. Your consent is needed for personalised ads and content.</p>"
    "<p>Cookies are used with your consent; our vendors rely on legitimate interest. Privacy policy.</p></html>"
)
LOGIN = (
    "<html><title>Log in</title><h1>Log in</h1><form><input type=email><input type=password></form>"
    "<p>Please log in with the account that you made with us, or make one now, to go on.</p></html>"
)
GONE = "<html><title>Page not found</title><h1>Page not found</h1><p>Sorry, this page does not exist any more.</p></html>"
SHORT = WHOLE
for _paragraph in TEXT[1:]:
    SHORT = SHORT.replace(_paragraph, "")


@pytest.mark.parametrize(
    ("shown", "note"),
    [
        (STUB, "the beginning, the rest is for subscribers: "),
        (SHORT, "shorter: "),
        (CONSENT, "a consent page"),
        (LOGIN, "a login page"),
        (GONE, "soft-404: the page says that it is not there"),
    ],
    ids=["paywall", "short", "consent", "login", "soft404"],
)
def test_the_good_text_stays_and_the_summary_says_so(tmp_path: Path, shown: str, note: str) -> None:
    corpus = Corpus()
    [address] = publish(corpus, HOST, 1)
    changed = Corpus()
    publish(changed, HOST, 1)
    changed.live(address, shown)
    home = tmp_path / "home"
    with Internet([corpus.write(tmp_path / "corpus")]) as net:
        assert Morgue(home, net).crawl(address, "--related", 0).code == 0
    with Internet([changed.write(tmp_path / "changed")]) as net:
        morgue = Morgue(home, net)
        done = morgue.crawl(address, "--refresh", "--related", 0)
        again = morgue.crawl(address, "--refresh", "--related", 0)
    assert done.code == 0, done.err
    assert "1 pages showed something that was kept beside the current text" in done.out
    assert f"{address}: {note}" in done.out
    [article] = morgue.rows("SELECT text, origin FROM articles")
    assert all(paragraph in article["text"] for paragraph in TEXT)
    versions = morgue.rows("SELECT text, note, shown FROM versions ORDER BY id")
    assert [version["shown"] for version in versions] == [1, 0]
    assert versions[1]["note"].startswith(note)
    assert f"{address}: {note}" in again.out, "as long as it lasts"
    assert morgue.rows("SELECT json_extract(counts, '$.text_refused') AS n FROM runs")[1:] == [{"n": 1}, {"n": 1}]


def test_an_edited_article_is_counted(tmp_path: Path) -> None:
    home = tmp_path / "home"
    for number, text in enumerate((WHOLE, WHOLE.replace("herring", "salmon"), WHOLE)):
        corpus = Corpus()
        [address] = publish(corpus, HOST, 1)
        corpus.live(address, text)
        with Internet([corpus.write(tmp_path / f"corpus{number}")]) as net:
            morgue = Morgue(home, net)
            done = morgue.crawl(address, "--refresh", "--related", 0)
        assert ("1 articles changed (`morgue history URL` shows how)" in done.out) is (number > 0), done.out
    events = [event["event"] for event in morgue.run("history", address, "--json").objects]
    assert events == ["first", "changed", "back"]
