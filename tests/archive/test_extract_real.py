"""Real pages of many publishers: at least as good as plain trafilatura, on each of the four measures."""

from __future__ import annotations

import gzip
import json
import re
import unicodedata
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from archive.extract import extract

PAGES = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "pages"
# trafilatura.bare_extraction 2.3.1 with metadata on these pages, as its README gives it
PLAIN_TRAFILATURA = {"text": 0.937, "title": 0.71, "authors": 0.72, "date": 0.98}
_NO_BLANKS = "[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0e7f]"


def norm(text: str | None) -> str:
    return " ".join(unicodedata.normalize("NFKC", text or "").split())


def shingles(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(rf"{_NO_BLANKS}|[^\W\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0e7f]+", norm(text))
    return Counter(tuple(words[start : start + 4]) for start in range(max(1, len(words) - 3)))


def similarity(one: str, other: str) -> float:
    """F1 over shingles of four words; scripts without blanks count by characters."""
    a, b = shingles(one), shingles(other)
    return 2 * (a & b).total() / (a.total() + b.total())


def score(row: dict[str, Any]) -> dict[str, float]:
    body = gzip.decompress((PAGES / row["file"]).read_bytes())
    page = extract(body, (("Content-Type", "text/html"),), row["url"], datetime(2026, 11, 24, tzinfo=UTC))
    assert page.status == "ok", (row["file"], page.reason)
    assert page.article is not None
    ours = page.article
    measures = {
        "text": similarity(row["body"], ours.text),
        "title": float(norm(ours.title) == norm(row["title"])),
        "authors": float([norm(name) for name in ours.authors] == [norm(name) for name in row["authors"] or []]),
    }
    return measures | ({"date": float((ours.published or "")[:10] == row["published"][:10])} if row.get("published") else {})


@pytest.mark.skipif(not PAGES.exists(), reason="the real pages are not here")
def test_better_than_plain_trafilatura_on_every_measure() -> None:
    rows = [row for row in map(json.loads, (PAGES / "truth.jsonl").read_text().splitlines()) if row.get("body")]
    scores = [score(row) for row in rows]
    assert len(scores) > 100
    for measure, plain in PLAIN_TRAFILATURA.items():
        values = [found[measure] for found in scores if measure in found]
        assert sum(values) / len(values) > plain, measure
