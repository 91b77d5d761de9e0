"""Addresses in text: where they begin and end, and what a broken one may stand for."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.clippings.addresses import MAX_READINGS, Found, find_addresses
from archive.urls import canonicalize

LONG = "https://www.a.example/2019/04/24/north-koreas-kim-jong-un-arrives-in-russia-for-summit"


def found(text: str) -> list[Found]:
    addresses = list(find_addresses(text))
    for address in addresses:
        assert text[address.start : address.end] == address.raw
        assert address.candidates
    return addresses


def only(text: str) -> tuple[str, ...]:
    (address,) = found(text)
    return address.candidates


# -- where one ends ---------------------------------------------------------------------------------------------------

IN_A_LINE = {
    "See https://a.example/x for it.": ["https://a.example/x"],
    "See https://a.example/x.": ["https://a.example/x"],
    "(https://a.example/x)": ["https://a.example/x"],
    "(see https://a.example/x_(y)), and": ["https://a.example/x_(y)"],
    "[words](https://a.example/x) more": ["https://a.example/x"],
    "<https://a.example/x>": ["https://a.example/x"],
    '"https://a.example/x"': ["https://a.example/x"],
    "“https://a.example/x”": ["https://a.example/x"],
    "'https://a.example/x',": ["https://a.example/x"],
    "详见https://a.example/x。更多": ["https://a.example/x"],
    "（https://a.example/x）": ["https://a.example/x"],
    "www.a.example/x": ["https://www.a.example/x"],
    "HTTP://A.EXAMPLE/x": ["http://a.example/x"],
    "hxxps://a.example/x": ["https://a.example/x"],
    "https:// www.a.example/x": ["https://www.a.example/x"],
    "https://a.example/x,https://a.example/y": ["https://a.example/x", "https://a.example/y"],
    "https://a.example/xhttps://a.example/y": ["https://a.example/x", "https://a.example/y"],
    "https://web.archive.org/web/2019/https://a.example/x": ["https://a.example/x"],
    "https://a.example/x\u2028https://a.example/y": ["https://a.example/x", "https://a.example/y"],
    "write to desk@www.a.example or file://www.a.example/x": [],
    "C:\\news\\www.txt and pic.twitter.com/PF3E4x2VK7": [],
    "https:// and http://. and www. and https://)": [],
    "no address": [],
    "": [],
}


@pytest.mark.parametrize(("text", "expected"), IN_A_LINE.items())
def test_the_address_without_what_stands_around_it(text: str, expected: list[str]) -> None:
    assert [address.candidates[0] for address in found(text)] == expected


def test_a_text_without_blanks_may_go_on_behind_an_address() -> None:
    assert "https://a.example/news/a123" in only("见https://a.example/news/a123文章")


def test_an_address_without_a_scheme_is_one_only_where_a_label_says_so() -> None:
    assert only("Original url: paper.example.com/2019/x") == ("https://paper.example.com/2019/x",)
    assert only("Text.\n\nSource:\n  paper.example.com/2019/x\n") == ("https://paper.example.com/2019/x",)
    assert found("He read paper.example.com/2019/x at home.") == []
    assert found("Note: paper.example.com/2019/x") == []


# -- wrapped ones -----------------------------------------------------------------------------------------------------

WHOLE = f"{LONG}-with-putin-a65357"
WRAPS = {
    "the hyphen stays": f"{LONG}-\nwith-putin-a65357",
    "the hyphen went to the next line": f"{LONG}\n-with-putin-a65357",
    "inside a word": f"{LONG}-wi\nth-putin-a65357",
    "blanks at the end and before": f"{LONG}-  \n    with-putin-a65357",
    "a forwarded mail": f"> {LONG}-\n> with-putin-a65357\n> ",
    "a mail forwarded twice": f">> {LONG}-\n>> with-putin-a65357",
    "a full stop behind it": f"{LONG}-\nwith-putin-a65357.",
    "in brackets": f"({LONG}-\nwith-putin-a65357)",
    "in angle brackets": f"<{LONG}-\nwith-putin-a65357>",
    "in angle brackets of a mail": f"> <URL:{LONG}-\n> with-putin-a65357\n> > said",
    "over three lines": f"{LONG[:70]}\n{LONG[70:]}-\nwith-putin-a65357",
    "at a slash": "https://www.a.example/2019/04/24/\nnorth-koreas-kim-jong-un-arrives-in-russia-for-summit-with-putin-a65357",
    "put together with a blank": f"See {LONG}- with-putin-a65357 for more.",
    "in the middle of a sentence": f"See {LONG}-\nwith-putin-a65357 for more.",
    "another address below": f"{LONG}-\nwith-putin-a65357\nhttps://a.example/other",
    "a label below": f"{LONG}-\nwith-putin-a65357\nRelated:\nhttps://a.example/other",
    "prose below": f"{LONG}-\nwith-putin-a65357\nReuters said on Monday that it was so.",
}


@pytest.mark.parametrize("text", WRAPS.values(), ids=WRAPS.keys())
def test_a_wrapped_address_is_joined_and_its_first_line_kept(text: str) -> None:
    candidates = found(text)[0].candidates
    assert candidates[0] == canonicalize(WHOLE)
    assert len(candidates) <= MAX_READINGS


def test_a_hyphen_at_the_end_is_the_addresses_or_the_typesetters() -> None:
    assert only(f"{LONG}-\nwith-putin") == (f"{LONG}-with-putin", f"{LONG}with-putin", f"{LONG}-")


def test_soft_hyphens_at_the_end_are_the_typesetters() -> None:
    assert only(f"{LONG[:-3]}\u00ad\nmit-with-putin")[0] == f"{LONG}-with-putin"
    assert only(f"{LONG[:-3]}\u2010\nmit-with-putin")[:2] == (f"{LONG}-with-putin", f"{LONG[:-3]}-mit-with-putin")


def test_a_lost_hyphen_is_a_reading_when_no_sign_stands_at_the_break() -> None:
    assert only(f"{LONG}\nwith-putin")[:2] == (f"{LONG}with-putin", f"{LONG}-with-putin")


def test_whole_joins_come_before_parts() -> None:
    candidates = only("https://www.a.example/2019/04/24/north-\nkoreas-kim-\njong-un")
    assert candidates == (
        "https://www.a.example/2019/04/24/north-koreas-kim-jong-un",
        "https://www.a.example/2019/04/24/north-koreas-kimjong-un",
        "https://www.a.example/2019/04/24/northkoreas-kim-jong-un",
        "https://www.a.example/2019/04/24/northkoreas-kimjong-un",
        "https://www.a.example/2019/04/24/north-koreas-kim-",
        "https://www.a.example/2019/04/24/north-",
    )


NOT_JOINED = {
    "https://a.example/news/\nReuters said on Monday that it was so.": "https://a.example/news/",
    "https://a.example/news/\nWell-known politicians were there.": "https://a.example/news/",
    "https://a.example/news/\nAdvertisement": "https://a.example/news/",
    "https://a.example/news/\nRelated:": "https://a.example/news/",
    "https://a.example/news/\n24 April 2019": "https://a.example/news/",
    "https://a.example/news/\n2019-04-24 was the day.": "https://a.example/news/",
    "https://a.example/news/\n2. The second point": "https://a.example/news/",
    "https://a.example/news/\n- The second point": "https://a.example/news/",
    "https://a.example/news/\n\nkim-arrives-in-russia": "https://a.example/news/",
    "https://a.example/news/\n-----": "https://a.example/news/",
    "https://a.example/news/\n#tag of it": "https://a.example/news/",
    "https://a.example/story.\n2019-2020 was a bad year.": "https://a.example/story",
    "https://a.example/story\nand then-some": "https://a.example/story",
    "(https://a.example/story)\nkim-arrives-in-russia": "https://a.example/story",
    "https://a.example/story\nПутин-и-Ким": "https://a.example/story",
    "https://a.example/news/ and/or more": "https://a.example/news/",
    f"{LONG}\nKim was there.": LONG,
}


@pytest.mark.parametrize(("text", "expected"), NOT_JOINED.items())
def test_the_next_line_is_not_swallowed(text: str, expected: str) -> None:
    (address,) = found(text)
    assert address.candidates[0] == expected
    assert "\n" not in address.raw


AMBIGUOUS = {
    f"{LONG}-\nsomething else was said.": f"{LONG}-",
    f"{LONG}\nadvertisement\n": LONG,
}


@pytest.mark.parametrize(("text", "alone"), AMBIGUOUS.items())
def test_where_prose_may_be_meant_the_first_line_stays_a_reading(text: str, alone: str) -> None:
    assert alone in only(text)[1:]


PIECES = st.sampled_from(
    [
        "https://a.example/x",
        "www.a.example",
        "-",
        "\n",
        "\n> ",
        " ",
        "<",
        ">",
        "(",
        ")",
        "[a](",
        "Source:",
        "é",
        ".",
        "/b-c",
        "a1",
    ]
)


@settings(deadline=None)
@given(st.lists(PIECES | st.text(max_size=5), max_size=30).map("".join))
def test_spans_are_in_order_and_true_for_any_text(text: str) -> None:
    place = 0
    for address in found(text):
        assert place <= address.start < address.end
        assert 1 <= len(address.candidates) <= MAX_READINGS
        assert all(canonicalize(url) == url for url in address.candidates)
        place = address.end


def test_a_text_of_many_addresses_is_read_to_its_end() -> None:
    text = "".join(f"https://a.example/{number}\n" for number in range(20_000))
    assert len(list(find_addresses(text))) == 20_000


@pytest.mark.parametrize(
    "unit", ["https://", "<https://a\n", "http://a.example/-\n", "a.a", "Source: a.", "https://a.example/((((", "a-" * 50 + "\n"]
)
def test_repetition_is_no_attack(unit: str) -> None:
    assert isinstance(found(unit * (200_000 // len(unit))), list)
