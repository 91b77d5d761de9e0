"""What can be read from an address's words: slugs, ids, dates, and whether it is an article's."""

from __future__ import annotations

from datetime import date

import pytest

from archive.urls import looks_like_article, path_date, slug, slug_words, url_ids

A = "https://a.example"

SLUGS = {
    "/2019/04/24/north-koreas-kim-arrives-in-russia-a65357": "north-koreas-kim-arrives-in-russia",
    "/2019/04/first-putin-kim-summit-on-april-25": "first-putin-kim-summit-on-april",
    "/world-europe-48020000": "world-europe",
    "/news/Some-Story-Here.html": "some-story-here",
    "/some_story_here_5454_32.html": "some_story_here",
    "/story/5f8a3b2c9d": "story",
    "/articles/c4ng5d9kpl0o": "articles",
    "/story-here-9f86d081884c7d65": "story-here",
    "/facade-of-the-defaced": "facade-of-the-defaced",
    "/48020000-kim-arrives": "kim-arrives",
    "/art41756471-niemcy-zamkniecie": "niemcy-zamkniecie",
    "/some-story/print/": "some-story",
    "/some-story/index.html": "some-story",
    "/a-much-longer-section-name/short-slug": "a-much-longer-section-name",
    "/%D0%BF%D1%83%D1%82%D0%B8%D0%BD-%D0%B8-%D0%BA%D0%B8%D0%BC": "путин-и-ким",
    "/caf%C3%A9-br%C3%BBl%C3%A9": "café-brûlé",
    "/مقال-عن-القمة": "مقال-عن-القمة",
    "/金正恩访问俄罗斯": "金正恩访问俄罗斯",
    "/20190424/": "",
    "/": "",
    "": "",
}  # fmt: skip


@pytest.mark.parametrize(("path", "expected"), SLUGS.items())
def test_the_slug_is_the_words_without_extension_and_ids(path: str, expected: str) -> None:
    assert slug(A + path) == expected


def test_the_words_of_a_slug_keep_the_numbers_among_them() -> None:
    assert slug_words(f"{A}/summit-on-april-25-kremlin_confirms-a65347") == ("summit", "on", "april", "25", "kremlin", "confirms")


def test_a_slug_of_many_ids_is_read_in_a_moment() -> None:
    assert slug(f"{A}/story" + "-1_1" * 1500 + "!").startswith("story")  # the time doubled with each piece


IDS = {
    "/north-koreas-kim-a65357": {"65357"},
    "/2019/04/24/x": set(),
    "/20190424/x": set(),
    "/201904/x": set(),
    "/x-20654321": {"20654321"},  # no such month: an id
    "/x?id=48020000": {"48020000"},
    "/x-1234": set(),
    "/articles/c4ng5d9kpl0o": {"c4ng5d9kpl0o"},
    "/articles/c4ng5d9kpl0o.html": {"c4ng5d9kpl0o"},
    "/ten-words-of-a-story": set(),
}


@pytest.mark.parametrize(("path", "expected"), IDS.items())
def test_ids(path: str, expected: set[str]) -> None:
    assert url_ids(A + path) == expected


DATES = {
    "/2019/04/24/x": date(2019, 4, 24),
    "/2019/4/4/x": date(2019, 4, 4),
    "/2019-04-24/x": date(2019, 4, 24),
    "/x-2019-04-24": date(2019, 4, 24),
    "/x_2019_04_24.html": date(2019, 4, 24),
    "/2019/04-24/8818.shtml": date(2019, 4, 24),
    "/n1/2019/0424/c1001-1.html": date(2019, 4, 24),
    "/20190424/x": date(2019, 4, 24),
    "/AEN20190424001500": date(2019, 4, 24),
    "/x-20190424-nt.html": date(2019, 4, 24),
    "/world/2019/apr/24/x": date(2019, 4, 24),
    "/2019/April/24/x": date(2019, 4, 24),
    "/2019/avril/24/x": date(2019, 4, 24),
    "/x-24-04-2019-8059.php": date(2019, 4, 24),
    "/24.04.2019/x": date(2019, 4, 24),
    "/24-april-2019/x": date(2019, 4, 24),
    "/24-%D0%B0%D0%BF%D1%80%D0%B5%D0%BB%D1%8F-2019/x": date(2019, 4, 24),
    "/2019/04/x": date(2019, 4, 1),
    "/2019/apr/x": date(2019, 4, 1),
    "/2019/04/1234567-x": date(2019, 4, 1),
    "/201904/x": date(2019, 4, 1),
    "/2019/02/30/2019/04/24/": date(2019, 4, 24),
    "/2019/24/04/x": None,
    "/2019/x": None,
    "/2020-10-things-to-know": None,
    "/2019/123/x": None,
    "/2019-1234": None,
    "/article-120190424": None,
    "/x-201211": None,
    "/2019/may-day/x": None,
    "/1066/10/14/x": None,
    "/x?date=2019-04-24": None,
    "": None,
}


@pytest.mark.parametrize(("path", "expected"), DATES.items())
def test_the_date_in_a_path(path: str, expected: date | None) -> None:
    assert path_date(A + path) == expected


ARTICLES = [
    "/2019/04/24/kim-arrives",
    "/north-koreas-kim-arrives-in-russia",
    "/news/world-europe-48020000",
    "/news/articles/c4ng5d9kpl0o",
    "/news/48020000",
    "/article/best-tech-gadgets/",
    "/feather-duvet-lung.html",
    "/inland/ahrtal-flut-bilanz-100.html",
    "/article.php?id=48020000",
    "/autoren/name/ehrengast-der-buchmesse-was-lesen-wir",
    "/2019/04/24/%D0%BF%D1%83%D1%82%D0%B8%D0%BD",
    "/about-a-hundred-people-rescued/",
    "/privacy-what-the-new-law-means-for-readers/comment",
]
OTHERS = [
    "/",
    "/en/",
    "/news/",
    "/world/europe/",
    "/2019/04/24/",
    "/news/2019/04/24",
    "/news/2019/",
    "/tag/north-korea-summit/",
    "/news/topics/c4ng5d9kpl0o",
    "/author/jane-ann-mary-doe",
    "/en/category/world-news/",
    "/search?q=12345",
    "/login?next=/2019/04/24/kim-arrives",
    "/about/",
    "/page/2/",
    "/images/2019/04/24/kim-arrives-in-russia.jpg",
    "/files/2019-report-of-the-year.pdf",
    "/feed/",
    "/about-us",
    "/en/privacy-policy-and-terms-of-use",
]


@pytest.mark.parametrize("path", ARTICLES)
def test_addresses_of_articles(path: str) -> None:
    assert looks_like_article(A + path)


@pytest.mark.parametrize("path", OTHERS)
def test_addresses_of_other_pages(path: str) -> None:
    assert not looks_like_article(A + path)
