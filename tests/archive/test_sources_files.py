"""Lists of sources in and out: OPML, bookmarks, CSV."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import DocumentError
from archive.sources.base import ListingKind, Offer, Source
from archive.sources.files import EXPORTS, Subscriptions, read_sources

FEED, SITEMAP, SECTION = ListingKind.FEED, ListingKind.SITEMAP, ListingKind.SECTION
HOME, OTHER = "https://paper.example/", "https://other.example/"


def read(text: str, name: str = "list") -> Subscriptions:
    return read_sources(name, text.encode())


def found(text: str, name: str = "list") -> list[tuple[str, str, list[str]]]:
    return [(source.name, source.url, [offer.url for offer in source.offers]) for source in read(text, name).sources]


OPML = f"""<?xml version="1.0" encoding="utf-8"?>
<opml version="1.1"><head><title>Mine &amp; yours</title></head><body>
<outline text="Papers" title="Papers">
  <outline text="The Paper" type="rss" xmlUrl="{HOME}feed" htmlUrl="{HOME}"/>
  <outline text="The Paper: sport" type="rss" xmlUrl="{HOME}sport/feed" htmlUrl="{HOME}"/>
  <outline title="Other" xmlurl="{OTHER}rss.xml?a=1&b=2" TYPE="rss">
    <outline text="Inner" type="link" url="https://inner.example/"/>
  </outline>
</outline>
<outline text="nothing"/><outline text="odd" xmlUrl="feed:nowhere"/>
</body></opml>"""


def test_opml() -> None:
    assert found(OPML) == [
        ("The Paper", HOME, [f"{HOME}feed", f"{HOME}sport/feed"]),
        ("Other", f"{OTHER}rss.xml?a=1&b=2", [f"{OTHER}rss.xml?a=1&b=2"]),
        ("Inner", "https://inner.example/", []),
    ]
    assert [one.what for one in read(OPML).skipped] == ["nothing", "feed:nowhere"]


@pytest.mark.parametrize(
    "text",
    [
        OPML.replace("</body></opml>", ""),
        OPML.replace('<outline text="nothing"/>', '<outline text="a & b < c"/>'),
        "\ufeff" + OPML,
        OPML.replace("</head>", ""),
    ],
)
def test_broken_opml_is_read_as_far_as_it_goes(text: str) -> None:
    assert [url for _, url, _ in found(text)] == [HOME, f"{OTHER}rss.xml?a=1&b=2", "https://inner.example/"]


BOOKMARKS = f"""<!DOCTYPE NETSCAPE-Bookmark-file-1>
<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=UTF-8">
<TITLE>Bookmarks</TITLE><H1>Bookmarks</H1>
<DL><p><DT><H3>Papers</H3><DL><p>
<DT><A HREF="{HOME}" ADD_DATE="1">The &amp; Paper</A>
<DT><A FEEDURL="{OTHER}rss" HREF="{OTHER}">Other</A>
<DT><A HREF="{HOME}">again</A>
<DT><A HREF="javascript:alert(1)">no</A><DT><A HREF="place:sort=8">recent</A><DT><A HREF="http://">bad</A>
</DL><p></DL>"""


def test_bookmarks() -> None:
    assert found(BOOKMARKS) == [("The & Paper", HOME, []), ("Other", OTHER, [f"{OTHER}rss"])]
    assert [one.what for one in read(BOOKMARKS).skipped] == ["http://"]


CSV = f"""name,url,feeds,sitemaps,sections,allow,deny,language,depth,delay
The Paper,{HOME},{HOME}a {HOME}b,{HOME}s.xml,,/news/ /local/,*live*,en,0,2.5
"=cmd|' /C calc'!A0",{OTHER},,,,,,,,
"""


def test_csv() -> None:
    paper, other = read(CSV).sources
    offers = (Offer(f"{HOME}a", FEED, "given"), Offer(f"{HOME}b", FEED, "given"), Offer(f"{HOME}s.xml", SITEMAP, "given"))
    assert paper == Source("The Paper", HOME, offers, ("/news/", "/local/"), ("*live*",), "en", 0, 2.5)
    assert other == Source("=cmd|' /C calc'!A0", OTHER)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{HOME}\n{OTHER}\n", [("paper.example", HOME, []), ("other.example", OTHER, [])]),
        (f"Paper;{HOME}\nOther;{OTHER}\n", [("Paper", HOME, []), ("Other", OTHER, [])]),
        (f"Title\tRSS\nPaper\t{HOME}feed\n", [("Paper", f"{HOME}feed", [f"{HOME}feed"])]),
        (f"homepage,title\n{HOME},Paper\n\n,Nothing\n", [("Paper", HOME, [])]),
        (f'url,name\n{HOME},"a ""b"" c"\n{OTHER},"not closed\n', [('a "b" c', HOME, []), ("not closed", OTHER, [])]),
        (f"name,url\nPaper,{HOME}\nPaper,{OTHER}\n", [("Paper", HOME, []), ("Paper (other.example)", OTHER, [])]),
    ],
)
def test_odd_csv(text: str, expected: list[tuple[str, str, list[str]]]) -> None:
    assert found(text, "sources.csv") == expected


def test_values_that_make_no_sense_are_told_and_left_out() -> None:
    listed = read(f"url,allow,depth,delay\n{HOME},news /ok/,many,-1\n")
    assert listed.sources == (Source("paper.example", HOME, allow=("/ok/",)),)
    assert [one.what for one in listed.skipped] == ["news", HOME, HOME]


@pytest.mark.parametrize("text", ["just words\n", "<html><body>no</body></html>", "{}"])
def test_what_is_no_list(text: str) -> None:
    with pytest.raises(DocumentError, match="is no list of sources"):
        read(text, "notes.txt")


# -- out --------------------------------------------------------------------------------------------------------------

MADE = [
    Source("The <Paper> & co", HOME, (Offer(f"{HOME}feed?a=1&b=2", FEED, "given"), Offer(f"{HOME}s.xml", SITEMAP, "given"))),
    Source("=1+1", OTHER, (Offer(OTHER, SECTION, "given"),), ("/a/",), ("*b*",), "de", 2, 5.0),
    Source("bare", "https://bare.example/"),
]


def test_csv_out_and_in_again_is_the_same() -> None:
    text = EXPORTS["csv"](MADE)
    assert list(read(text).sources) == MADE
    assert "\n'=1+1," in text, "a spreadsheet must not compute it"


def test_opml_out_and_in_again_keeps_names_addresses_and_listings() -> None:
    kept = [(source.name, source.url, source.offers) for source in read(EXPORTS["opml"](MADE)).sources]
    assert kept == [(source.name, source.url, source.offers) for source in MADE]


def test_bookmarks_out_and_in_again_keep_names_addresses_and_feeds() -> None:
    two = [Source("two", OTHER, (Offer(f"{OTHER}a", FEED, "given"), Offer(f"{OTHER}b?x=1&y=<>", FEED, "given")))]
    again = read(EXPORTS["bookmarks"](MADE[:1] + two + MADE[2:])).sources
    assert [(source.name, source.url) for source in again] == [(MADE[0].name, HOME), ("two", OTHER), ("bare", MADE[2].url)]
    assert [[offer.url for offer in source.offers] for source in again] == [
        [f"{HOME}feed?a=1&b=2"],
        [f"{OTHER}a", f"{OTHER}b?x=1&y=%3C%3E"],
        [],
    ]


_NAMES = st.text(min_size=1, max_size=30)


@given(st.lists(_NAMES, max_size=8))
def test_any_name_survives_in_a_readable_form(names: list[str]) -> None:
    made = [Source(name, f"https://h{number}.example/") for number, name in enumerate(names)]
    for write in EXPORTS.values():
        again = read(write(made)).sources if made else ()
        assert [source.url for source in again] == [source.url for source in made]
        assert len({source.name for source in again}) == len(made)
