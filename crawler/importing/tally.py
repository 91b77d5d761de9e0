"""What came of each item of a file; everything is counted once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from archive.terminal import safe

SHOWN = 20  # failures told one by one, of each file or folder
REASONS = 50  # different ones kept of each fate
_FATES = ("imported", "known", "not_an_article", "queued", "left", "failed")


@dataclass(slots=True)
class Tally:
    """For one file or folder. `formats` are those of its files; `reasons` says of each fate why, each reason with its number."""

    path: str
    formats: dict[str, None] = field(default_factory=dict)  # in the order in which they were met
    counts: Counter[str] = field(default_factory=Counter)
    reasons: dict[str, Counter[str]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)  # lines for people, the first SHOWN

    def note(self, fate: str, reason: str | None = None, *, where: str | None = None, times: int = 1) -> None:
        """Count items; `where` is the file and the place in it."""
        self.counts[fate] += times
        if reason:
            known = self.reasons.setdefault(fate, Counter())
            text = safe(reason)[:200]
            known[text if text in known or len(known) < REASONS else "other reasons"] += times
        if fate == "failed" and len(self.problems) < SHOWN:
            self.problems.append(f"{where or self.path}: {reason}")

    def public(self) -> dict[str, Any]:
        """The object of `--json`."""
        counts = {fate: self.counts[fate] for fate in _FATES}
        return {
            "path": self.path,
            "formats": list(self.formats),
            **counts,
            "reasons": {k: dict(v) for k, v in self.reasons.items()},
        }

    def line(self) -> str:
        """One line for people."""
        told = [text for fate, words in _WORDS.items() if (text := self._told(fate, words))]
        return f"{safe(self.path)} ({', '.join(self.formats) or 'not read'}): {'; '.join(told) or 'nothing in it'}"

    def _told(self, fate: str, words: str) -> str:
        if not self.counts[fate]:
            return ""
        reasons = self.reasons.get(fate, Counter()).most_common(3) if fate != "queued" else []
        why = ", ".join(f"{times} {reason}" for reason, times in reasons)
        return f"{self.counts[fate]} {words}" + (f" ({why})" if why else "")


_WORDS = {
    "imported": "imported",
    "known": "known already",
    "not_an_article": "kept without an article",
    "queued": "addresses queued for the next crawl",
    "left": "left out",
    "failed": "failed",
}
