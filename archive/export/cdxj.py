"""A capture index in CDXJ, sorted, as pywb reads it: `urlkey timestamp {json}`. It points into the home's WARC files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, BinaryIO

from archive.export.base import Source, Tally


class Cdxj:
    name = "cdxj"
    extension = ".cdxj"
    binary = False
    seeks = False

    def write(self, source: Source, out: BinaryIO) -> Tally:
        tally = Tally("captures")
        for capture in source.captures("c.urlkey, c.timestamp, c.id"):
            place = capture["warc_file"], capture["warc_offset"], capture["length"]
            out.write(line_of(capture, *place).encode() + b"\n")
            tally.count += 1
        return tally


def line_of(capture: Mapping[str, Any], file: str, offset: int, length: int) -> str:
    """One line, as `archive.warc.cdxj` makes it from a file."""
    fields = {
        "url": capture["original"],
        "mime": "warc/revisit" if capture["revisit"] else capture["mimetype"] or "unk",
        "status": str(capture["statuscode"] or "-"),
        "digest": capture["digest"],
        "length": str(length),
        "offset": str(offset),
        "filename": file,
    }
    return f"{capture['urlkey']} {capture['timestamp']} {json.dumps(fields)}"
