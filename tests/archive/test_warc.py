"""One exchange to its records and back: nothing that was on the wire is lost or changed."""

from __future__ import annotations

import gzip
import io
import os
import random
import zlib
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from archive.errors import DamagedArchive
from archive.models import Exchange, first_header
from archive.warc import Location, Packed, Previous, Stored, WarcWriter, cdxj, pack, read_record, verify
from archive.warc.pack import payload_digest
from archive.warc.read import records
from tests.archive.made import HTML, NOON, Clock, exchange

URL = "https://news.example/a"


def written(folder: Path, *packed: Packed) -> list[Location]:
    writer = WarcWriter(folder, now=Clock())
    places = [writer.append(one) for one in packed]
    writer.close()
    return places


def packed(answer: Exchange, *, date: datetime = NOON, previous: Previous | None = None) -> Packed:
    return pack(answer, target=answer.url, date=date, previous=previous)


def round_trip(folder: Path, answer: Exchange) -> Stored:
    [place] = written(folder, packed(answer))
    return read_record(folder, place.file, place.offset, place.length)


def plain(member: bytes) -> bytes:
    return gzip.decompress(member)


# -- what is kept -----------------------------------------------------------------------------------------------------


def test_an_answer_comes_back_as_it_was(tmp_path: Path) -> None:
    headers = (HTML, ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("X-Empty", ""))
    stored = round_trip(tmp_path, exchange(URL, b"\x00\xffbody\r\n\r\n", headers=headers))
    assert (stored.warc_type, stored.target, stored.date, stored.status) == ("response", URL, NOON, 200)
    assert stored.headers == (*headers, ("Content-Length", "10"))
    assert stored.body == b"\x00\xffbody\r\n\r\n"
    assert stored.digest == payload_digest(stored.body)


def test_a_content_coding_is_kept_and_a_transfer_coding_is_not(tmp_path: Path) -> None:
    body = gzip.compress(b"<p>coded</p>", mtime=0)
    headers = (HTML, ("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked"), ("content-length", "7"))
    stored = round_trip(tmp_path, exchange(URL, body, headers=headers))
    assert stored.body == body
    assert first_header(stored.headers, "content-encoding") == "gzip"
    assert first_header(stored.headers, "transfer-encoding") is None
    assert [value for name, value in stored.headers if name.lower() == "content-length"] == [str(len(body))]


@pytest.mark.parametrize("status", [100, 204, 304, 404, 451, 500, 599, 999, 1234, 42])
def test_any_status_is_kept(tmp_path: Path, status: int) -> None:
    assert round_trip(tmp_path, exchange(URL, b"", status)).status == status


def test_a_header_in_latin_1_is_kept_byte_for_byte() -> None:
    block = plain(packed(exchange(URL, headers=(("Location", "/caf\xe9"), ("X", "plain")))).response)
    assert b"Location: /caf\xe9\r\nX: plain\r\n" in block


def test_a_header_cannot_end_its_line_or_begin_another_record(tmp_path: Path) -> None:
    evil = "x\r\nContent-Length: 0\r\n\r\nWARC/1.1\r\n\0y"
    stored = round_trip(tmp_path, exchange(URL, b"body", headers=(("X-Evil", evil), ("X\r\nY", "1"))))
    assert stored.headers == (
        ("X-Evil", "x Content-Length: 0 WARC/1.1 y"),
        ("X Y", "1"),
        ("Content-Length", "4"),
    )
    assert stored.body == b"body"


def test_a_huge_header_is_kept(tmp_path: Path) -> None:
    assert first_header(round_trip(tmp_path, exchange(URL, headers=(("X", "a" * 2_000_000),))).headers, "x") == "a" * 2_000_000


def test_a_cut_answer_says_so(tmp_path: Path) -> None:
    assert round_trip(tmp_path, exchange(URL, b"half", truncated="disconnect")).truncated == "disconnect"


def test_the_request_is_kept_beside_its_answer() -> None:
    answer = exchange("https://news.example:8443/a?b=c", request_headers=(("Host", "x"), ("User-Agent", "m\xf6rgue")))
    one = packed(answer)
    request, response = plain(one.request), plain(one.response)
    assert b"GET /a?b=c HTTP/1.1\r\nHost: news.example:8443\r\nUser-Agent: m\xf6rgue\r\n\r\n" in request
    record_id = response.split(b"WARC-Record-ID: ")[1].split(b"\r\n")[0]
    assert b"WARC-Concurrent-To: " + record_id in request


def test_a_memento_names_the_page_its_capture_and_where_it_was_got(tmp_path: Path) -> None:
    captured = NOON - timedelta(days=3000)
    archive_url = "https://web.archive.org/web/20180908120000id_/https://news.example/a"
    one = pack(exchange(archive_url), target=URL, date=captured, source_uri=archive_url)
    [place] = written(tmp_path, one)
    stored = read_record(tmp_path, place.file, place.offset, place.length)
    assert (stored.target, stored.date, stored.source_uri) == (URL, captured, archive_url)
    assert b"WARC-Creation-Date: 2026-11-25T12:00:00Z" in plain(one.response)
    assert b"WARC-Target-URI: " + archive_url.encode() in plain(one.request)


ANY = st.text(max_size=40)
WIRE = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\0"), max_size=30).map(lambda text: text.strip(" \t"))


@given(
    body=st.binary(max_size=300),
    status=st.integers(0, 9999),
    headers=st.lists(st.tuples(st.from_regex(r"[A-Za-z-]{1,12}", fullmatch=True), WIRE), max_size=6),
)
@settings(max_examples=150)
def test_whatever_came_comes_back(
    tmp_path_factory: pytest.TempPathFactory, body: bytes, status: int, headers: list[tuple[str, str]]
) -> None:
    kept = tuple((k, v) for k, v in headers if k.lower() not in ("content-length", "transfer-encoding"))
    stored = round_trip(tmp_path_factory.mktemp("warc"), exchange(URL, body, status, headers=kept))
    assert (stored.body, stored.status, stored.headers[:-1]) == (body, status, kept)


@given(name=ANY, value=ANY, target=ANY, agent=ANY)
@settings(max_examples=150)
def test_no_text_breaks_a_record(
    tmp_path_factory: pytest.TempPathFactory, name: str, value: str, target: str, agent: str
) -> None:
    folder = tmp_path_factory.mktemp("warc")
    answer = exchange(URL, b"body", headers=((name, value),), request_headers=((agent, agent),))
    [place] = written(folder, pack(answer, target=f"https://news.example/{target}", date=NOON))
    stored = read_record(folder, place.file, place.offset, place.length)
    assert stored.body == b"body"
    assert list(verify(folder / place.file)) == []


# -- revisits ---------------------------------------------------------------------------------------------------------


def previous_of(one: Packed, date: datetime = NOON) -> Previous:
    return Previous(one.digest, one.target, date)


def test_an_unchanged_page_is_a_revisit_without_its_body(tmp_path: Path) -> None:
    first = packed(exchange(URL, b"same" * 1000))
    again = packed(exchange(URL, b"same" * 1000), date=NOON + timedelta(days=1), previous=previous_of(first))
    place = written(tmp_path, first, again)[1]
    stored = read_record(tmp_path, place.file, place.offset, place.length)
    assert again.revisit
    assert (stored.warc_type, stored.status, stored.body) == ("revisit", 200, b"")
    assert (stored.refers_to, stored.refers_to_date) == (URL, "2026-11-25T12:00:00Z")
    assert stored.digest == first.digest == again.digest
    assert plain(again.response).count(b"WARC-Profile: http://netpreserve.org/warc/1.1/revisit/identical-payload-digest") == 1


@pytest.mark.parametrize(
    "answer",
    [
        exchange(URL, b"other"),
        exchange(URL, b"same", 404),
        exchange(URL, b"same", truncated="length"),
    ],
)
def test_anything_else_is_kept_whole(answer: Exchange) -> None:
    assert not packed(answer, previous=previous_of(packed(exchange(URL, b"same")))).revisit


def test_an_empty_page_is_no_revisit() -> None:
    assert not packed(exchange(URL, b""), previous=previous_of(packed(exchange(URL, b"")))).revisit


# -- the file ---------------------------------------------------------------------------------------------------------


def test_each_record_is_a_gzip_member_of_its_own_that_other_readers_read(tmp_path: Path) -> None:
    ones = [packed(exchange(f"{URL}/{number}", b"x" * number)) for number in range(4)]
    places = written(tmp_path, *ones)
    data = (tmp_path / places[0].file).read_bytes()
    found = [
        (record.rec_type, record.content_stream().read()) for record in ArchiveIterator(io.BytesIO(data), check_digests="raise")
    ]
    assert [kind for kind, _ in found] == ["warcinfo", *["request", "response"] * 4]
    assert [body for kind, body in found if kind == "response"] == [b"x" * number for number in range(4)]
    members = 0
    while data:  # `gzip -t`: every member has its trailer
        inflater = zlib.decompressobj(31)
        assert inflater.decompress(data).startswith(b"WARC/1.1\r\n")
        assert inflater.eof
        data, members = inflater.unused_data, members + 1
    assert members == 9


def test_an_index_of_a_file_points_into_it(tmp_path: Path) -> None:
    first = packed(exchange(URL, b"same"))
    again = packed(exchange(URL, b"same"), date=NOON + timedelta(hours=1), previous=previous_of(first))
    places = written(tmp_path, first, again)
    lines = list(cdxj(tmp_path / places[0].file))
    assert [line.split(" ", 2)[:2] for line in lines] == [
        ["example,news)/a", "20261125120000"],
        ["example,news)/a", "20261125130000"],
    ]
    assert '"mime": "text/html", "status": "200"' in lines[0]
    assert '"mime": "warc/revisit"' in lines[1]
    assert f'"length": "{places[1].length}", "offset": "{places[1].offset}"' in lines[1]


# -- damage -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of three exchanges with bodies of the size of small pages."""
    folder = tmp_path_factory.mktemp("sound")
    noise = random.Random(7)
    bodies = [bytes(noise.choices(b"abcdefgh <>/", k=length)) for length in (0, 900, 2500)]
    places = written(folder, *(packed(exchange(f"{URL}/{body[:3]!r}", body)) for body in bodies))
    assert list(verify(folder / places[0].file)) == []
    return folder / places[0].file


def test_every_truncation_is_found(tmp_path: Path) -> None:
    [place] = written(tmp_path, packed(exchange(URL, random.Random(5).randbytes(200))))
    path = tmp_path / place.file
    whole = path.stat().st_size
    assert list(verify(path, committed=whole)) == []
    for size in reversed(range(whole)):
        os.truncate(path, size)
        assert list(verify(path, committed=whole)), size


def inert(sound: Path) -> set[int]:
    """Bytes with bits that hold nothing: the extra flags and operating system of a gzip header (RFC 1952, 2.3.1), and
    the last byte of deflated data, which is filled up to a whole byte."""
    return {place for offset, length, *_ in records(sound) for place in (offset + 8, offset + 9, offset + length - 9)}


def test_flipped_bits_are_found(sound: Path, tmp_path: Path) -> None:
    data = sound.read_bytes()
    noise, missed = random.Random(11), []
    hurt = tmp_path / sound.name
    hurt.write_bytes(data)
    for _ in range(1500):
        place, bit = noise.randrange(len(data)), 1 << noise.randrange(8)
        with hurt.open("r+b") as file:
            _put(file, place, data[place] ^ bit)
            if not list(verify(hurt)):
                missed.append((place, bit))
            _put(file, place, data[place])
    assert {place for place, _ in missed} <= inert(sound)
    assert len(missed) <= 15


def _put(file: BinaryIO, place: int, byte: int) -> None:
    file.seek(place)
    file.write(bytes([byte]))
    file.flush()


def test_the_rest_of_a_damaged_file_is_still_read(sound: Path, tmp_path: Path) -> None:
    data, places = bytearray(sound.read_bytes()), list(records(sound))
    offset, length, *_ = places[3]
    data[offset + length // 2] ^= 0xFF
    hurt = tmp_path / sound.name
    hurt.write_bytes(data)
    assert [problem.offset for problem in verify(hurt)] == [offset]
    assert [place[:2] for place in records(hurt)] == [place[:2] for place in places]


def test_a_record_that_is_not_there_is_damage(sound: Path) -> None:
    offset, length, *_ = list(records(sound))[2]
    assert read_record(sound.parent, sound.name, offset, length).status == 200
    for wrong in [(offset + 1, length), (offset, length + 1), (offset, length - 1), (10**9, 5)]:
        with pytest.raises(DamagedArchive, match=sound.name):
            read_record(sound.parent, sound.name, *wrong)
    with pytest.raises(DamagedArchive, match="cannot be read"):
        read_record(sound.parent, "morgue-20200101000000-00000.warc.gz", offset, length)


@pytest.mark.parametrize(
    ("member", "reason"),
    [
        (b"not a record at all", "cannot be read"),
        (b"WARC/1.1\r\nWARC-Type: response\r\nContent-Length: 5\r\n\r\nab\r\n\r\n", "2 bytes long|6 bytes long|cannot be read"),
        (
            b"WARC/1.1\r\nWARC-Type: response\r\nWARC-Date: 2026-11-25T12:00:00Z\r\nContent-Length: 2\r\n"
            b"WARC-Block-Digest: sha1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\r\n\r\nab\r\n\r\n",
            "digest",
        ),
        (b"WARC/1.1\r\nWARC-Type: response\r\nWARC-Date: yesterday\r\nContent-Length: 0\r\n\r\n\r\n\r\n", "cannot be read"),
    ],
)
def test_a_whole_member_with_a_lying_record_is_damage(tmp_path: Path, member: bytes, reason: str) -> None:
    (tmp_path / "x.warc.gz").write_bytes(gzip.compress(member))
    [problem] = verify(tmp_path / "x.warc.gz")
    assert any(part in problem.reason for part in reason.split("|")), problem.reason


def test_a_file_of_another_program_is_read(tmp_path: Path) -> None:
    """Bare line ends, folded headers, hexadecimal digests: all are allowed to others."""
    block = b"HTTP/1.0 200 OK\nX: a\n  b\n\nbody"
    head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Date: 2020-01-01T00:00:00Z\r\nContent-Length: {len(block)}\r\n"
    head += f"WARC-Payload-Digest: sha256:{'0' * 64}\r\n\r\n"
    member = gzip.compress(head.encode() + block + b"\r\n\r\n")
    (tmp_path / "x.warc.gz").write_bytes(member)
    stored = read_record(tmp_path, "x.warc.gz", 0, len(member))
    assert (stored.status, stored.headers, stored.body) == (200, (("X", "a b"),), b"body")
