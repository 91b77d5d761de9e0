"""Times on the wire: 14 digits and ISO 8601, always UTC; names of months."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.timestamps import iso, month_number, parse_iso, parse_timestamp, to_timestamp


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("20190424101500", (2019, 4, 24, 10, 15)),
        (" 20190424101500\n", (2019, 4, 24, 10, 15)),
        ("201904241015", (2019, 4, 24, 10, 15)),
        ("2019042410", (2019, 4, 24, 10)),
        ("20190424", (2019, 4, 24)),
        ("201904", (2019, 4, 1)),
        ("20191", (2019, 10, 1)),
        ("2019", (2019, 1, 1)),
        # rows of real indexes: month or day is 00 and the digits are shifted
        ("20000800241623", (2000, 8, 24, 16, 23)),
        ("20000008241623", (2000, 8, 24, 16, 23)),
        ("20160229000000", (2016, 2, 29)),
    ],
)
def test_digits_are_the_start_of_the_period_they_name(text: str, expected: tuple[int, ...]) -> None:
    assert parse_timestamp(text) == datetime(*expected, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["", "201", "2019-04-24", "20191301", "20190230", "20190424250000", "201904241015001", "٢٠١٩٠٤٢٤", "20000000000000", "x2019"],
)
def test_what_is_no_time_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a time|does not match|out of range|unconverted"):
        parse_timestamp(text)


@settings(deadline=None)
@given(st.text(st.characters(categories=["Nd", "Zs"]), max_size=16))
def test_any_digits_are_a_time_or_a_value_error(text: str) -> None:
    try:
        assert parse_timestamp(text).tzinfo is UTC
    except ValueError:
        return


@settings(deadline=None)
@given(st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30), timezones=st.timezones()))
def test_times_survive_the_way_there_and_back(moment: datetime) -> None:
    whole = moment.replace(microsecond=0)
    if whole.utcoffset() and (whole.utcoffset() or timedelta()).total_seconds() % 1:
        return
    assert parse_timestamp(to_timestamp(moment)) == whole.astimezone(UTC)
    assert parse_iso(iso(moment)) == whole.astimezone(UTC)
    assert len(to_timestamp(moment)) == 14


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-24T09:00:00Z", "2026-11-24T09:00:00Z"),
        ("2026-11-24T09:00:00+02:00", "2026-11-24T07:00:00Z"),
        ("2026-11-24T09:00:00", "2026-11-24T09:00:00Z"),
        ("2026-11-24", "2026-11-24T00:00:00Z"),
        ("2026-11-24T09:00:00.999Z", "2026-11-24T09:00:00Z"),
    ],
)
def test_iso(text: str, expected: str) -> None:
    assert iso(parse_iso(text)) == expected


def test_other_zones_are_turned_into_utc() -> None:
    vladivostok = datetime(2019, 4, 25, 1, 30, tzinfo=timezone(timedelta(hours=10)))
    assert to_timestamp(vladivostok) == "20190424153000"
    assert iso(vladivostok) == "2019-04-24T15:30:00Z"


@pytest.mark.parametrize("text", ["", "x", "2026-13-01", "24.11.2026"])
def test_what_is_no_iso_time_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"sofmt|month|iso"):
        parse_iso(text)


MONTHS = {
    1: ["January", "Jan.", "Januar", "janvier", "enero", "gennaio", "janeiro", "stycznia", "января", "Ocak", "ledna"],
    2: ["February", "février", "febrero", "luty", "февраля", "Şubat"],
    3: ["March", "März", "Maerz", "mars", "marzo", "março", "маrта".replace("r", "р"), "Mart"],
    4: ["April", "avril", "abril", "aprile", "kwietnia", "апреля", "квітня", "Nisan", "huhtikuu"],
    5: ["May", "Mai", "mayo", "maggio", "мая", "Mayıs"],
    6: ["June", "juin", "junio", "червня", "czerwca"],
    7: ["July", "juillet", "julio", "luglio", "липня"],
    8: ["August", "août", "agosto", "sierpnia", "Ağustos"],
    9: ["September", "Sept.", "septiembre", "września", "Eylül"],
    10: ["October", "Oktober", "ottobre", "październik", "Ekim"],
    11: ["November", "novembre", "листопада", "Kasım"],
    12: ["December", "Dezember", "décembre", "diciembre", "grudnia", "Aralık", "декабря"],
}


@pytest.mark.parametrize(("number", "name"), [(number, name) for number, names in MONTHS.items() for name in names])
def test_names_of_months(number: int, name: str) -> None:
    assert month_number(name) == number
    assert month_number(name.upper()) == number


@pytest.mark.parametrize("word", ["", "mayor", "decent", "the", "4"])
def test_other_words_are_no_months(word: str) -> None:
    assert month_number(word) is None
