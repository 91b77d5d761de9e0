"""What each source of truth adds: the scores with one of them switched off, as a table for docs/extraction.md.

python -m bench.ablation [PAGES] [BENCHMARK]
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from unittest.mock import patch

from archive.extract.structured import Meta, Stated
from bench.quality import FIELDS, averages, benchmark_f1, ours, score_all
from bench.samples import SHARED, Sample, read


def _returns(value: Any) -> Callable[..., Any]:
    return lambda *_, **__: value


OFF: dict[str, dict[str, Callable[..., Any]]] = {
    "everything on": {},
    "JSON-LD": {"page.read_jsonld": _returns(None)},
    "meta tags": {"page.read_meta": _returns(Meta())},
    "microdata": {"page.read_microdata": _returns(Stated())},
    "bylines shown": {"authors.bylines": _returns(())},
    "signatures": {"authors.signatures": _returns(())},
    "<time>": {"dates._time_element": _returns(None)},
    "the address's day": {"dates._in_path": _returns(None)},
    "htmldate": {"dates._shown": _returns(None)},
    "names of parts": {"body.believed": _returns(frozenset())},
    "related blocks": {"page.related_blocks": _returns([])},
    "phrases: pleas": {"body.pleads": _returns(False)},
    "phrases: credits": {"body.is_credit": _returns(False)},
    "phrases: ends": {"body.ends_article": _returns(False)},
    "the headline's place": {"page.headline_of": _returns(None)},
    "parts beside": {"container._beside": _returns(())},
    "the lead": {"body.lead": _returns([])},
    "articleBody as witness": {"body._witnessed": lambda lines, _: lines},
    "articleBody as copy": {"page.chosen": lambda shown, _: shown},
    "authors' lives": {"body._without_bio": lambda lines, _: lines},
    "rules of sites": {"page.site_for": _returns(None)},
}


def _scores(samples: list[Sample], off: dict[str, Callable[..., Any]]) -> tuple[dict[str, float], float]:
    with ExitStack() as stack:
        for name, instead in off.items():
            stack.enter_context(patch(f"archive.extract.{name}", instead))
        found, rows = score_all(samples, ours)
    pairs = ((sample.truth["body"], one["text"]) for sample, one in zip(samples, found, strict=True) if sample.truth)
    return averages(rows), benchmark_f1(pairs)


def main() -> None:
    folders = [Path(name) for name in sys.argv[1:]] or [SHARED / "pages", SHARED / "article-extraction-benchmark"]
    pages, benchmark = ([sample for sample in read(folder) if sample.truth] for folder in folders)
    print("| without | text | title | authors | date | benchmark |\n|---|---|---|---|---|---|")
    whole: dict[str, float] = {}
    for name, off in OFF.items():
        scores, _ = _scores(pages, off)
        scores["benchmark"] = _scores(benchmark, off)[1]
        whole = whole or scores
        cells = [
            f"{scores[field]:.4f}" if not off else f"{scores[field] - whole[field]:+.4f}" for field in (*FIELDS, "benchmark")
        ]
        print(f"| {name} | {' | '.join(cell.replace('+0.0000', '') for cell in cells)} |", flush=True)


if __name__ == "__main__":
    main()
