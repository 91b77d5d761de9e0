"""How right extraction is on real pages, pinned: `python -m bench.quality` prints the same figures by field and language."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.quality import averages, benchmark_f1, ours, score_all
from bench.samples import SHARED, read

PAGES, BENCHMARK = SHARED / "pages", SHARED / "article-extraction-benchmark"
FLOORS = {"text": 0.975, "title": 0.95, "authors": 0.92, "date": 0.99}
BENCHMARK_FLOOR = 0.972


def here(folder: Path) -> pytest.MarkDecorator:
    return pytest.mark.skipif(not folder.exists(), reason=f"the real pages of {folder.name} are not here")


@here(PAGES)
def test_real_news() -> None:
    samples = [sample for sample in read(PAGES) if sample.truth]
    assert len(samples) > 100
    _, rows = score_all(samples, ours)
    reached = averages(rows)
    assert {name: value for name, value in reached.items() if value < FLOORS[name]} == {}


@here(BENCHMARK)
def test_article_extraction_benchmark() -> None:
    samples = [sample for sample in read(BENCHMARK) if sample.truth]
    assert len(samples) == 181
    assert benchmark_f1((sample.truth["body"], ours(sample)["text"]) for sample in samples if sample.truth) >= BENCHMARK_FLOOR


def test_the_benchmarks_own_f1() -> None:
    text = "one two three four five"
    assert benchmark_f1([(text, text)]) == 1.0
    assert benchmark_f1([(text, f"{text} six"), (text, text)]) == pytest.approx(2 * (5 / 6) / (5 / 6 + 1))
