"""How right repairs are, pinned: small parts of the sets that `python -m bench.repair` measures, at the archive's limits."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench.repair import PRECISION, RECALL, Score, by_reason, candidates, measure, rows
from bench.samples import SHARED
from tests.internet.broken import KINDS, build

TOOL = SHARED.parent / "tools" / "repairset.py"
EVERY = 6  # of the links of the real set


def test_links_to_our_own_papers(tmp_path: Path) -> None:
    """One link of each kind, and stories around it that nearly have its words."""
    folder = build(tmp_path / "set", rounds=1)
    done = measure(folder, tmp_path / "home")
    assert done.score.links == len(KINDS)
    assert done.score.failures() == [], done.score.misses
    found = by_reason(candidates(folder, done))
    assert found["its text is the document's"][0] > 0
    assert all(count == right for why, (count, right) in found.items() if why.startswith("its text is the document's"))


@pytest.mark.skipif(not TOOL.exists(), reason="the real pages, and what makes a repair set of them, are not here")
def test_links_to_real_pages(tmp_path: Path) -> None:
    folder = tmp_path / "set"
    subprocess.run([sys.executable, TOOL, SHARED / "pages", folder, "--seed", "1"], check=True, capture_output=True)
    for name in ("links", "truth"):
        kept = rows(folder / f"{name}.jsonl")[::EVERY]
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in kept), encoding="utf-8")
    score = measure(folder, tmp_path / "home").score
    assert score.links > 30
    assert score.failures() == [], score.misses


# -- the measure itself -----------------------------------------------------------------------------------------------

URL, NEW, STAMP = "https://a.example/old", "https://a.example/new", "20190424101500"
MEMENTO = f"https://web.archive.org/web/{STAMP}/{URL}"


def truth(verdict: str = "replaced") -> dict[str, Any]:
    return {"id": 1, "kind": "k", "verdict": verdict, "replacement": [NEW], "capture": [[URL, STAMP]]}


def scored(wanted: str, verdict: str, replacement: str | None = None, archive_url: str | None = None) -> Score:
    score = Score()
    score.add(truth(wanted), {"verdict": verdict, "replacement": replacement, "archive_url": archive_url})
    return score


@pytest.mark.parametrize(
    ("address", "right"),
    [(NEW, True), (NEW + "/", True), (MEMENTO, True), (MEMENTO.replace("2019", "2020"), False), (URL, False), (None, False)],
)
def test_what_is_right(address: str | None, right: bool) -> None:
    for score in (scored("replaced", "replaced", address), scored("replaced", "replaced", None, address)):
        assert (score.recall, score.precision) == (float(right), float(right))
        assert (score.failures() == []) is right


@pytest.mark.parametrize(
    ("wanted", "verdict", "good"),
    [
        ("none", "none", True), ("none", "unknown", True), ("none", "proposed", True), ("none", "replaced", False),
        ("blocked", "blocked", True), ("blocked", "replaced", False), ("blocked", "none", False),
        ("excluded", "excluded", True), ("excluded", "none", False), ("alive", "alive", True), ("alive", "none", False),
        ("replaced", "proposed", False), ("replaced", "missing", False),
    ],
)  # fmt: skip
def test_what_may_be_told(wanted: str, verdict: str, good: bool) -> None:
    score = scored(wanted, verdict, "https://a.example/wrong")
    assert (score.misses == []) is good
    if (wanted, verdict) in {("none", "replaced"), ("blocked", "replaced"), ("excluded", "none")}:
        assert score.harm.total() == 1
        assert any("1" in line for line in score.failures())


def test_the_floors() -> None:
    assert (RECALL, PRECISION) == (0.96, 0.995)
    score = scored("replaced", "replaced", NEW)
    score.calls["429"] = 1
    assert score.failures() == ["1 answers 429"]
