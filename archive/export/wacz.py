"""WACZ 1.1.1 (specs.webrecorder.net/wacz/1.1.1): records, index, list of pages and checksums in one ZIP file, for
ReplayWeb.page, pywb and `morgue import`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any, BinaryIO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from archive.export.base import Source, Tally
from archive.export.cdxj import line_of
from archive.export.warc import copied
from archive.schema import sqlite3
from archive.terminal import json_line
from archive.timestamps import iso, parse_timestamp

WARC = "data.warc.gz"

_PAGES = """
SELECT c.id, c.original, c.timestamp, v.title FROM versions v JOIN captures c ON c.id = v.capture_id
JOIN articles a ON a.id = v.article_id WHERE {where} ORDER BY c.id, v.id
"""


class Wacz:
    """Nothing in the ZIP file is compressed once more, so that a reader fetches a single page by its range of bytes."""

    name = "wacz"
    extension = ".wacz"
    binary = True
    seeks = True

    def write(self, source: Source, out: BinaryIO) -> Tally:
        tally = Tally("captures")
        with ZipFile(out, "w", ZIP_STORED) as archive:
            package = _Package(archive, source)
            with closing(sqlite3.connect("")) as index:  # a temporary file of SQLite's own, which sorts what memory may not hold
                index.execute("CREATE TABLE lines (line TEXT)")
                with package.adding(f"archive/{WARC}") as write:
                    for capture, offset, length in copied(source, write, WARC, tally):
                        index.execute("INSERT INTO lines VALUES (?)", (line_of(capture, WARC, offset, length),))
                        tally.count += 1
                package.add("indexes/index.cdx", (line for (line,) in index.execute("SELECT line FROM lines ORDER BY line")))
            package.add("pages/pages.jsonl", _pages(source))
            package.close()
        return tally


def _pages(source: Source) -> Iterator[str]:
    """A line a version: the pages that articles were read from."""
    yield json_line({"format": "json-pages-1.0", "id": "pages", "title": "All Pages"})
    for row in source.chosen(_PAGES):
        moment = iso(parse_timestamp(row["timestamp"]))
        yield json_line({"id": str(row["id"]), "url": row["original"], "ts": moment, "title": row["title"] or row["original"]})


@dataclass(slots=True)
class _Package:
    """The files of a package as they are written, with what datapackage.json says of each."""

    archive: ZipFile
    source: Source
    resources: list[dict[str, Any]] = field(default_factory=list)

    @contextmanager
    def adding(self, path: str) -> Iterator[Callable[[bytes], Any]]:
        info = ZipInfo(path, self.source.now.timetuple()[:6])
        info.external_attr = 0o644 << 16
        digest, size = hashlib.sha256(), 0
        with self.archive.open(info, "w", force_zip64=True) as file:

            def write(data: bytes) -> None:
                nonlocal size
                digest.update(data)
                size += len(data)
                file.write(data)

            yield write
        name = path.rpartition("/")[2]
        self.resources.append({"name": name, "path": path, "hash": f"sha256:{digest.hexdigest()}", "bytes": size})

    def add(self, path: str, lines: Iterable[str]) -> None:
        with self.adding(path) as write:
            for line in lines:
                write(line.encode() + b"\n")

    def close(self) -> None:
        """Write the list of all files, and its own checksum."""
        package = {
            "profile": "data-package",
            "wacz_version": "1.1.1",
            "title": "morgue",
            "created": iso(self.source.now),
            "software": f"morgue/{version('morgue')}",
            "resources": list(self.resources),
        }
        text = json.dumps(package, indent=2)
        self.add("datapackage.json", [text])
        digest = self.resources[-1]["hash"]
        self.add("datapackage-digest.json", [json.dumps({"path": "datapackage.json", "hash": digest}, indent=2)])
