"""WARC 1.1: the records as they lie in the home's files, each checked on its way; revisits with what they refer to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from archive.errors import DamagedArchive
from archive.export.base import Source, Tally


class Warc:
    name = "warc"
    extension = ".warc.gz"
    binary = True
    seeks = False

    def write(self, source: Source, out: BinaryIO) -> Tally:
        tally = Tally("captures")
        for _ in copied(source, out.write, "morgue.warc.gz", tally):
            tally.count += 1
        return tally


def copied(source: Source, write: Callable[[bytes], Any], file: str, tally: Tally) -> Iterator[tuple[dict[str, Any], int, int]]:
    """Write the captures in the order in which they were kept; yields each with its offset and length in the new file.

    Requests stay behind: what we asked says nothing of a page. A `warcinfo` record stands before records of another
    archive and names it, so that an import tells our own captures from mementos and from what was imported here. What
    is damaged is left out and counted.
    """
    from archive.warc import read_whole, warcinfo  # noqa: PLC0415 - warcio is for these formats alone

    place, archive = 0, None
    for capture in source.captures():
        try:
            member = read_whole(source.home.warcs, capture["warc_file"], capture["warc_offset"], capture["length"])
        except DamagedArchive as error:
            tally.left[str(error)] += 1
            continue
        if capture["archive"] != archive:
            archive = capture["archive"]
            head = warcinfo(file, source.now, None if archive == "crawl" else archive)
            write(head)
            place += len(head)
        write(member)
        yield capture, place, len(member)
        place += len(member)
    if archive is None:  # a WARC file without a record is none
        write(warcinfo(file, source.now))
