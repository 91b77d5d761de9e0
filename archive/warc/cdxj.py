"""An index of a WARC file in CDXJ, the form that pywb reads: `urlkey timestamp {json}`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from archive.timestamps import to_timestamp
from archive.urls import urlkey
from archive.warc.pack import payload_digest
from archive.warc.read import Stored, records


def cdxj(path: Path) -> Iterator[str]:
    """One line for each capture of a file, in the file's order; sort them before use. Digests are bare base32."""
    for offset, length, stored, reason in records(path):
        if stored is not None and reason is None and stored.target and stored.warc_type in ("response", "revisit"):
            fields = _fields(stored) | {"length": str(length), "offset": str(offset), "filename": path.name}
            yield f"{urlkey(stored.target)} {to_timestamp(stored.date)} {json.dumps(fields)}"


def _fields(stored: Stored) -> dict[str, str]:
    mimetype = next((value for name, value in stored.headers if name.lower() == "content-type"), "unk")
    revisit = stored.warc_type == "revisit"
    return {
        "url": stored.target or "",
        "mime": "warc/revisit" if revisit else mimetype.split(";")[0].strip() or "unk",
        "status": str(stored.status or "-"),
        "digest": stored.digest or payload_digest(stored.body),
    }
