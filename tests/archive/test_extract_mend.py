"""Garbled text is repaired when there is no doubt, and only then."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.extract import extract
from archive.extract.mend import mend

FRENCH = "L’été dernier, les élèves ont déjà reçu leurs résultats à l’école."
RUSSIAN = "Совет собрался во вторник, чтобы обсудить бюджет."
CHINESE_IN_LATIN = "会议讨论了预算问题".encode().decode("latin-1")


def read_as(text: str, encoding: str) -> str:
    """As browsers read it: bytes that the encoding does not have become C1 signs."""
    return "".join(bytes([byte]).decode(encoding) if _has(byte, encoding) else chr(byte) for byte in text.encode())


def _has(byte: int, encoding: str) -> bool:
    try:
        bytes([byte]).decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


@pytest.mark.parametrize(("text", "encoding"), [(FRENCH, "cp1252"), (RUSSIAN, "cp1252"), (RUSSIAN, "cp1251")])
def test_repaired(text: str, encoding: str) -> None:
    mended, places = mend(read_as(text, encoding))
    assert mended == text
    assert places >= 3


def test_a_page_of_two_encodings() -> None:
    """A template in order around a text that is not."""
    mended, places = mend(f"Société {read_as(FRENCH, 'cp1252')}")
    assert mended == f"Société {FRENCH}"
    assert places >= 3


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plain",
        FRENCH,
        RUSSIAN,
        "РАССКАЗЫ О РОССИИ СССР",
        "The letter é becomes Ã© when it is read wrongly.",  # the subject of a story
        "ÂÃÄÅ Ãã Ðð Ññ",
        "SÃO PAULO, MARANHÃO, AMANHÃ",
    ],
)
def test_left_alone(text: str) -> None:
    assert mend(text) == (text, 0)


@given(st.text())
def test_never_raises(text: str) -> None:
    mended, places = mend(text)
    assert (places == 0) == (mended == text)


def test_the_page_is_marked() -> None:
    html = f"<html><article><h1>{FRENCH[:20]}</h1><p>{FRENCH}</p><p>{FRENCH * 2}</p></article>"
    broken = read_as(html, "cp1252").encode()
    page = extract(
        broken, (("Content-Type", "text/html; charset=utf-8"),), "https://example.test/a", datetime(2026, 11, 24, tzinfo=UTC)
    )
    assert page.mended >= 3
    assert page.article is not None
    assert FRENCH in page.article.text
