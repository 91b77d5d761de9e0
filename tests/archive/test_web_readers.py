"""The pages for every reader: names and order for those who listen, contrast for those who see badly, focus for keyboards.

axe-core finds more (tests/archive/test_web_browser.py); these hold without a browser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

import archive.web
from tests.archive import web_home
from tests.archive.test_web import PAGES
from tests.archive.web_client import Client, Page

STYLE = (Path(archive.web.__file__).parent / "static" / "style.css").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder = tmp_path_factory.mktemp("readers")
    web_home.build(folder)
    with Client(folder) as made:
        yield made


@pytest.fixture(params=[*PAGES, "/nowhere"])
def page(client: Client, request: pytest.FixtureRequest) -> Page:
    return Page(client.get(request.param).text)


def test_a_page_has_a_language_a_title_one_main_part_and_one_first_heading(page: Page) -> None:
    [(_, html)] = page.all("html")
    assert html["lang"] == "en"
    assert [len(page.all(name)) for name in ("title", "main", "h1")] == [1, 1, 1]
    assert page.tags[[tag for tag, _ in page.tags].index("body") + 1] == ("a", {"class": "skip", "href": "#content"})


def test_headings_skip_no_level(page: Page) -> None:
    levels = [int(tag[1]) for tag, _ in page.all("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert [pair for pair in pairwise(levels) if pair[1] > pair[0] + 1] == []


def test_every_field_has_a_name(page: Page) -> None:
    named = {attributes.get("for") for _, attributes in page.all("label")}
    fields = [one for _, one in page.all("input", "select", "textarea") if one.get("type") != "hidden"]
    assert [one for one in fields if one.get("id") not in named and not one.get("aria-label")] == []


def test_ids_are_unique_and_names_lead_to_them(page: Page) -> None:
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    wanted = [one[name] for _, one in page.tags for name in ("aria-labelledby", "aria-describedby", "for") if name in one]
    assert [name for name in wanted if name not in ids] == []


def test_regions_of_one_kind_have_names_apart(page: Page) -> None:
    names = [
        (tag, one.get("aria-label") or one.get("aria-labelledby")) for tag, one in page.all("nav", "section", "aside", "form")
    ]
    assert len(names) == len(set(names))


def test_tables_say_what_they_hold_and_drawings_are_told_in_numbers(page: Page) -> None:
    assert len(page.all("caption")) >= len([one for _, one in page.all("table") if "rows" not in one.get("class", "")])
    assert [one for _, one in page.all("svg") if one.get("aria-hidden") != "true"] == []
    assert [one for _, one in page.all("th") if "scope" not in one] == []


def test_what_scrolls_can_be_reached_by_the_keyboard(page: Page) -> None:
    scrolling = [one for _, one in page.tags if "scroll" in one.get("class", "").split()]
    assert [
        one for one in scrolling if (one.get("tabindex"), one.get("role"), bool(one.get("aria-label"))) != ("0", "region", True)
    ] == []


# -- colours: WCAG 2.2, 1.4.3 and 1.4.11 ------------------------------------------------------------------------------


def colours(scheme: str) -> dict[str, str]:
    light, dark = STYLE.split("@media (prefers-color-scheme: dark)")[:2]
    found = dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6});", light))
    return found if scheme == "light" else found | dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6});", dark.split("\n}\n")[0]))


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_reckoned_as_the_standard_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_what_is_behind_it(scheme: str) -> None:
    known = colours(scheme)
    on_paper = [(text, behind) for text in ("ink", "soft", "link", "accent") for behind in ("paper", "wash")]
    pairs = [*on_paper, ("ink", "sheet"), ("soft", "sheet"), ("ink", "mark"), ("ink", "added"), ("ink", "removed"), ("paper", "ink"), ("paper", "accent")]  # fmt: skip
    assert [
        (*pair, contrast(known[pair[0]], known[pair[1]])) for pair in pairs if contrast(known[pair[0]], known[pair[1]]) < 4.5
    ] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_fields_and_charts_stand_out(scheme: str) -> None:
    known = colours(scheme)
    drawn = ("line", "alive", "repaired", "gone", "blocked", "unknown")
    assert [(name, contrast(known[name], known["paper"])) for name in drawn if contrast(known[name], known["paper"]) < 3] == []


def test_focus_is_shown_and_never_taken_away() -> None:
    assert ":focus-visible { outline: 3px solid" in STYLE
    assert re.findall(r"([^{}\n]*){[^}]*outline: none", STYLE) == ["main:focus "]  # where the skip link leads; it is no control


def test_motion_is_for_those_who_want_it() -> None:
    assert "animation" not in STYLE
    assert "transition" not in STYLE
    assert "@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }" in STYLE


def test_the_style_loads_nothing() -> None:
    assert "url(" not in STYLE
    assert "@import" not in STYLE
