"""Appending, rolling back on a full disk, and cutting off what a killed run left."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from archive.errors import DiskFull
from archive.warc import Location, Packed, WarcWriter, pack, recover, verify
from archive.warc import write as write_module
from archive.warc.read import records
from tests.archive.made import NOON, Clock, exchange, full_disk

FILE = "morgue-20261125120000-00000.warc.gz"


def packed(name: str, size: int = 40) -> Packed:
    body = os.urandom(size)  # does not compress: sizes are what they seem
    return pack(exchange(f"https://news.example/{name}", body), target=f"https://news.example/{name}", date=NOON)


def commit(writer: WarcWriter, *ones: Packed) -> list[Location]:
    places = [writer.append(one) for one in ones]
    writer.sync()
    writer.committed()
    return places


def end_of(place: Location) -> int:
    return place.offset + place.length


def kinds(path: Path) -> list[str]:
    return [stored.warc_type if stored else str(reason) for _, _, stored, reason in records(path)]


def test_a_new_file_begins_when_one_is_full(tmp_path: Path) -> None:
    writer = WarcWriter(tmp_path, now=Clock(), max_bytes=2000)
    places = commit(writer, *(packed(str(number), 900) for number in range(6)))
    writer.close()
    files = sorted(path.name for path in tmp_path.iterdir())
    assert files == [f"morgue-20261125120000-{number:05d}.warc.gz" for number in range(3)]
    assert [place.file for place in places] == [name for name in files for _ in range(2)]
    assert all(not list(verify(tmp_path / name)) and kinds(tmp_path / name)[0] == "warcinfo" for name in files)


def test_the_next_run_goes_on_in_the_newest_file_even_when_the_clock_was_set_back(tmp_path: Path) -> None:
    clock = Clock()
    writer = WarcWriter(tmp_path, now=clock, max_bytes=500)
    commit(writer, packed("a", 600))
    clock.advance(days=-400)
    commit(writer, packed("b", 10))
    writer.close()
    again = WarcWriter(tmp_path, now=clock, max_bytes=5000)
    [place] = commit(again, packed("c"))
    again.close()
    assert place.file == "morgue-20251021120000-00001.warc.gz"


def test_a_rollback_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    writer = WarcWriter(tmp_path, now=Clock(), max_bytes=1500)
    commit(writer, packed("kept"))
    before = (tmp_path / FILE).read_bytes()
    for name in ("a", "b", "c", "d"):
        writer.append(packed(name, 900))  # into the next file too
    writer.rollback()
    assert (tmp_path / FILE).read_bytes() == before
    assert all(kinds(path) == ["warcinfo"] for path in tmp_path.iterdir() if path.name != FILE)
    commit(writer, packed("later"))
    writer.close()
    assert all(list(verify(path)) == [] for path in tmp_path.iterdir())


def test_a_disk_that_fills_up_at_any_byte_leaves_no_half_record(tmp_path: Path) -> None:
    writer = WarcWriter(tmp_path, now=Clock())
    commit(writer, packed("kept"))
    before = (tmp_path / FILE).read_bytes()
    one = packed("lost")
    for room in range(len(one.request) + len(one.response)):
        with full_disk(len(before) + room), pytest.raises(DiskFull, match=f"cannot write .*{FILE}.*free some space"):
            writer.append(one)
        writer.rollback()
        assert (tmp_path / FILE).read_bytes() == before, room
    [place] = commit(writer, one)
    writer.close()
    assert place.offset == len(before) + len(one.request)
    assert list(verify(tmp_path / FILE)) == []


@pytest.mark.parametrize("room", [0, 1, 100])
def test_a_disk_too_full_for_a_new_file_leaves_no_file(tmp_path: Path, room: int) -> None:
    writer = WarcWriter(tmp_path, now=Clock())
    with full_disk(room), pytest.raises(DiskFull):
        writer.append(packed("lost"))
    writer.rollback()
    assert list(tmp_path.iterdir()) == []
    commit(writer, packed("later"))
    writer.close()
    assert kinds(tmp_path / FILE) == ["warcinfo", "request", "response"]


def test_a_disk_that_fails_to_sync_is_reported_and_rolled_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writer = WarcWriter(tmp_path, now=Clock())
    commit(writer, packed("kept"))
    before = (tmp_path / FILE).read_bytes()

    def fails(descriptor: int) -> None:
        raise OSError(5, "Input/output error")

    writer.append(packed("lost"))
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fails)
        with pytest.raises(DiskFull, match="Input/output error"):
            writer.sync()
    writer.rollback()
    writer.close()
    assert (tmp_path / FILE).read_bytes() == before


def test_a_file_that_could_not_be_cut_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writer = WarcWriter(tmp_path, now=Clock())
    commit(writer, packed("kept"))
    writer.append(packed("lost"))

    def fails(path: Path, size: int) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(os, "truncate", fails)
        writer.rollback()
    [place] = commit(writer, packed("later"))
    writer.close()
    assert place.file == "morgue-20261125120000-00001.warc.gz"


def test_the_bytes_and_the_name_are_synced_before_a_commit_may_point_to_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    real = os.fsync

    def noted(descriptor: int) -> None:
        synced.append(Path(f"/proc/self/fd/{descriptor}").readlink().name)
        real(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    writer = WarcWriter(tmp_path, now=Clock())
    commit(writer, packed("a"))
    writer.close()
    assert synced == [tmp_path.name, FILE]


# -- after a kill -----------------------------------------------------------------------------------------------------


def left_behind(folder: Path) -> tuple[bytes, int, int]:
    """A file with two committed exchanges and one that was not: its bytes, and where the committed and last ones end."""
    writer = WarcWriter(folder, now=Clock())
    committed = commit(writer, packed("a"), packed("b"))[1]
    last = writer.append(packed("c"))
    writer.close()
    return (folder / FILE).read_bytes(), end_of(committed), end_of(last)


def test_a_torn_end_is_cut_at_every_byte(tmp_path: Path) -> None:
    data, committed, end = left_behind(tmp_path)
    assert len(data) == end
    for size in range(committed, end):
        (tmp_path / FILE).write_bytes(data[:size])
        found = recover(tmp_path, {FILE: committed})
        assert (tmp_path / FILE).read_bytes() == data[:committed], size
        assert found.damaged == frozenset()
        expected = () if size == committed else (f"{FILE}: {size - committed} bytes of an unfinished record removed",)
        assert found.lines == expected


def test_whole_pages_that_the_database_does_not_know_are_kept(tmp_path: Path) -> None:
    """A database restored from an older copy must not cost the pages that came after it."""
    data, committed, _ = left_behind(tmp_path)
    for known in ({FILE: committed}, {}):
        assert recover(tmp_path, known).lines == ()
        assert (tmp_path / FILE).read_bytes() == data
    (tmp_path / FILE).write_bytes(data + data[committed : committed + 30])
    assert recover(tmp_path, {}).lines == (f"{FILE}: 30 bytes of an unfinished record removed",)
    assert (tmp_path / FILE).read_bytes() == data


def test_a_damaged_byte_does_not_take_the_pages_behind_it(tmp_path: Path) -> None:
    data, committed, _ = left_behind(tmp_path)
    hurt = bytearray(data)
    hurt[20] ^= 0xFF  # in the warcinfo record
    (tmp_path / FILE).write_bytes(hurt)
    assert recover(tmp_path, {}).lines == ()
    assert (tmp_path / FILE).read_bytes() == bytes(hurt)
    assert committed < len(hurt)


@pytest.mark.parametrize("size", [0, 1, 200, None])
def test_a_file_that_was_just_begun_is_removed(tmp_path: Path, size: int | None) -> None:
    info = write_module.warcinfo(FILE, NOON)
    (tmp_path / FILE).write_bytes(info[:size])
    assert recover(tmp_path, {}).lines == ()
    assert list(tmp_path.iterdir()) == []


def test_files_of_others_are_not_touched(tmp_path: Path) -> None:
    names = [
        "other.warc.gz",
        "morgue-20261125120000-00000.warc",
        "morgue-1-00000.warc.gz",
        "morgue-20261125120000-00000.warc.gz~",
    ]
    for name in names:
        (tmp_path / name).write_bytes(b"torn")
    assert recover(tmp_path, {"other.warc.gz": 2}).lines == ()
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == dict.fromkeys(names, b"torn")


def test_a_file_shorter_than_what_was_committed_is_reported_and_never_appended_to(tmp_path: Path) -> None:
    data, committed, _ = left_behind(tmp_path)
    (tmp_path / FILE).write_bytes(data[: committed - 7])
    found = recover(tmp_path, {FILE: committed, "morgue-20200101000000-00009.warc.gz": 50})
    assert found.damaged == {FILE, "morgue-20200101000000-00009.warc.gz"}
    assert found.lines == (
        "morgue-20200101000000-00009.warc.gz is missing, with pages that were kept: restore a copy of it",
        f"{FILE}: 7 bytes of pages that were kept are missing: restore a copy of it",
    )
    assert (tmp_path / FILE).read_bytes() == data[: committed - 7]
    writer = WarcWriter(tmp_path, now=Clock(), closed=found.damaged)
    [place] = commit(writer, packed("later"))
    writer.close()
    assert place.file == "morgue-20261125120000-00001.warc.gz"
