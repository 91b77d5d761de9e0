"""Folders of real pages, with or without the truth: what the benchmarks of extraction read."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

SHARED = Path(__file__).resolve().parents[1].parent / "shared" / "data"
NOW = datetime.now(UTC)
_ADDRESS = re.compile(rb"""<(?:link[^>]+rel=["']?canonical|meta[^>]+og:url)[^>]*?(?:href|content)=["']?(https?://[^"'\s>]+)""")


@dataclass(frozen=True, slots=True)
class Sample:
    """One page. `truth` has title, authors, published and body; None where nobody wrote it down."""

    file: str
    url: str
    captured: datetime
    body: bytes
    truth: dict[str, Any] | None = None


def read(folder: Path) -> Iterator[Sample]:
    """Every page of a folder: `truth.jsonl` beside gzipped pages, the article-extraction benchmark's layout, or bare files."""
    if (folder / "ground-truth.json").exists():
        yield from _benchmark(folder)
    else:
        yield from _pages(folder)


def _pages(folder: Path) -> Iterator[Sample]:
    listed = folder / "truth.jsonl"
    lines = listed.read_text("utf-8").splitlines() if listed.exists() else []
    rows = {row["file"]: row for row in map(json.loads, lines)}
    files = {str(path.relative_to(folder)) for path in folder.rglob("*") if re.search(r"\.html?(\.gz)?$", path.name)}
    for file in sorted(files | rows.keys()):
        row, body = rows.get(file, {}), _bytes(folder / file)
        captured = datetime.fromisoformat(row["crawl_date"]) if row.get("crawl_date") else NOW
        captured = captured if captured.tzinfo else captured.replace(tzinfo=UTC)
        yield Sample(file, row.get("url") or _declared(body), captured, body, row if row.get("body") else None)


def _benchmark(folder: Path) -> Iterator[Sample]:
    for name, row in json.loads((folder / "ground-truth.json").read_text("utf-8")).items():
        body = _bytes(folder / "html" / f"{name}.html.gz")
        yield Sample(name, row.get("url") or _declared(body), NOW, body, {"body": row["articleBody"]})


def _bytes(path: Path) -> bytes:
    body = path.read_bytes()
    return gzip.decompress(body) if path.suffix == ".gz" else body


def _declared(body: bytes) -> str:
    """The address that the page gives for itself, for a file without one."""
    match = _ADDRESS.search(body[:200_000])
    return match[1].decode("utf-8", "replace") if match else "https://unknown.invalid/page"
