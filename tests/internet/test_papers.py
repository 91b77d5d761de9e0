"""Our corpora hold what their docstrings say."""

from __future__ import annotations

from datetime import date
from html import unescape
from pathlib import Path

import pytest

from archive.urls import slug_words
from tests.internet import Internet, founding, paper, stories
from tests.internet.build import news_page
from tests.internet.client import WEB, cdx, get
from tests.internet.founding import ORIGINAL_URL, RELATED_TITLE, RELATED_URL, build_founding, prose

TODAY = date(2026, 11, 24)
CLIPPING = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "clippings" / "kim-arrives-in-russia.txt"
NOTED = "https://www.themoscowtimes.com/2024/04/27/first-putin-kim-summit-to-take-place-on-april-25-kremlin-confirms"


@pytest.fixture
def clipping() -> str:
    if not CLIPPING.exists():
        pytest.skip("the founding clipping of ../shared/data is not here")
    return CLIPPING.read_text(encoding="utf-8")


def test_the_founding_corpus(clipping: str, tmp_path: Path) -> None:
    with Internet([build_founding(clipping, tmp_path, today=TODAY)]) as net:
        assert [get(net, url).status_code for url in (ORIGINAL_URL, RELATED_URL, NOTED)] == [404, 404, 404]
        rows = cdx(net, url=ORIGINAL_URL)
        assert [row[1] for row in rows] == ["20190424101500", "20190612031144", "20250712120000", "20261015080102"]
        assert [row[4] for row in rows] == ["200", "-", "200", "302"]
        page = unescape(get(net, f"{WEB}/20190424101500id_/{ORIGINAL_URL}").content.decode())
        assert [part for part in prose(clipping) if part not in page] == []
        assert "Page not found" in get(net, f"{WEB}/20250712120000id_/{ORIGINAL_URL}").text
        assert get(net, f"{WEB}/2024id_/{NOTED}").status_code == 404
        month = cdx(net, url="www.themoscowtimes.com/2019/04/", matchType="prefix", collapse="urlkey")
        assert len(month) >= 220
        assert len({row[5] for row in month}) == len(month), "each story has a body of its own"
        hits = cdx(
            net, url="www.themoscowtimes.com/2019/", matchType="prefix", filter="urlkey:.*first-putin-kim-summit-to-take.*"
        )
        assert [row[2] for row in hits] == [RELATED_URL]
        assert cdx(net, url="www.themoscowtimes.com/2024/04/27/*"), "the wrong day's folder is in the index too"
        assert net.leaks == []


def test_near_misses_share_words_and_not_the_story(clipping: str, tmp_path: Path) -> None:
    wanted = set(slug_words(RELATED_URL))
    with Internet([build_founding(clipping, tmp_path, today=TODAY)]) as net:
        rows = cdx(net, url="www.themoscowtimes.com/*", fl="original", filter="urlkey:.*summit.*")
    others = [set(slug_words(url)) for (url,) in rows if url not in (RELATED_URL, ORIGINAL_URL)]
    assert max(len(words & wanted) for words in others) >= 7
    assert RELATED_TITLE not in dict(founding._NEAR_MISSES).values()


def test_the_clipping_of_the_paper_is_shaped_like_the_founding_one() -> None:
    lines = paper.clipping().splitlines()
    place = lines.index("Original url:")
    assert lines[place + 1].endswith("-")
    assert lines[place + 1] + lines[place + 2] == stories.GATES_CLOSE.url(stories.GAZETTE)
    assert lines[place + 3 :] == ["", paper.NOTED_URL]
    assert f"Related article: {stories.REPAIRS_APPROVED.title}" in lines
    assert max(len(line) for line in lines[:place]) <= paper.WIDTH


def test_the_paper(tmp_path: Path) -> None:
    clipping, living, blocked, gone = paper.build_paper(tmp_path, today=TODAY)
    original, related = stories.GATES_CLOSE.url(stories.GAZETTE), stories.REPAIRS_APPROVED.url(stories.GAZETTE)
    assert Path(clipping).read_text(encoding="utf-8") == paper.clipping()
    with Internet([tmp_path]) as net:
        statuses = [get(net, url).status_code for url in (original, related, paper.NOTED_URL, living, blocked, gone)]
        assert statuses == [404, 404, 404, 200, 403, 404]
        assert get(net, blocked).headers["cf-mitigated"] == "challenge"
        assert [row[4] for row in cdx(net, url=original)] == ["200", "-", "200", "301"]
        assert [row[1] for row in cdx(net, url=related)] == ["20210310063055"]
        assert [row[1] for row in cdx(net, url=blocked)] == ["20220906081204"]
        assert [cdx(net, url=url) for url in (paper.NOTED_URL, gone, living)] == [[], [], []]
        page = get(net, living).text
        links = [story.url(stories.GAZETTE) for story in (stories.ISLAND_SCHOOL, stories.LOGBOOKS)]
        assert all(f'href="{url}"' in page and get(net, url).status_code == 200 for url in links)
        for name in ("feed.xml", "sitemap.xml"):
            assert living in get(net, f"{stories.GAZETTE.home}/{name}").text
        assert net.leaks == []


def test_main_articles_are_long_enough_to_search() -> None:
    main = (stories.GATES_CLOSE, stories.REPAIRS_APPROVED, stories.NIGHT_FERRY, stories.CABLE_LANDS, stories.ISLAND_SCHOOL)
    assert all(sum(len(text.split()) for text in story.paragraphs) >= 300 for story in main)


def test_a_news_page_says_the_same_in_all_its_places() -> None:
    page = news_page(stories.GAZETTE, stories.LOGBOOKS, [("Other & more", "https://x.test/?a=1&b=2")])
    title = "Lighthouse Keepers&#x27; Logbooks Go Online After a Century in a Biscuit Tin"
    assert f'<meta property="og:title" content="{title}">' in page
    assert f"<h1>{title}</h1>" in page
    assert '"@type": "NewsArticle"' in page
    assert '<a href="https://x.test/?a=1&amp;b=2">Other &amp; more</a>' in page
