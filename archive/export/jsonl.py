"""JSON Lines: one article an object, as `morgue show --json` has it, without what hangs on it. `morgue import` reads it back."""

from __future__ import annotations

from typing import BinaryIO

from archive.export.base import Source, Tally
from archive.terminal import json_line


class JsonLines:
    name = "jsonl"
    extension = ".jsonl"
    binary = False
    seeks = False

    def write(self, source: Source, out: BinaryIO) -> Tally:
        tally = Tally()
        for article in source.articles():
            out.write(json_line(article).encode() + b"\n")
            tally.count += 1
        return tally
