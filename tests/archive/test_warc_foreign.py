"""WARC files of other programs: any packing, damage that costs one record, sizes that cost no memory."""

from __future__ import annotations

import gzip
import io
from datetime import UTC, datetime

import pytest

from archive.models import Exchange
from archive.warc import Copy, Foreign, copied, foreign_records, is_warc, pack
from archive.warc.pack import payload_digest, record
from archive.warc.read import parse_record
from tests.archive.made import HTML, NOON, exchange

BODIES = [f"<p>Page {number} of the quay".encode() * 40 for number in range(5)]


def members(bodies: list[bytes] = BODIES) -> list[bytes]:
    return [
        pack(exchange(f"https://news.example/{number}", body), target=f"https://news.example/{number}", date=NOON).response
        for number, body in enumerate(bodies)
    ]


def plain(member: bytes) -> bytes:
    return gzip.decompress(member)


def read(data: bytes) -> list[Foreign]:
    return list(foreign_records(io.BytesIO(data)))


def bodies(found: list[Foreign]) -> list[bytes]:
    return [one.stored.body for one in found if one.stored is not None]


def reasons(found: list[Foreign]) -> list[str]:
    return [one.reason for one in found if one.reason]


PACKINGS = {
    "a member a record": lambda: b"".join(members()),
    "plain": lambda: b"".join(map(plain, members())),
    "gzip as a whole": lambda: gzip.compress(b"".join(map(plain, members()))),
    "a whole after a whole": lambda: b"".join(gzip.compress(b"".join(map(plain, members()))[part]) for part in (slice(0, 4000), slice(4000, None))),
    "padded at its end": lambda: b"".join(members()) + bytes(512),
}  # fmt: skip


@pytest.mark.parametrize("packing", PACKINGS)
def test_every_packing_gives_the_same_records(packing: str) -> None:
    data = PACKINGS[packing]()
    assert is_warc(data[:1000])
    found = read(data)
    assert (bodies(found), reasons(found)) == (BODIES, [])
    assert [one.stored.target for one in found if one.stored] == [f"https://news.example/{number}" for number in range(5)]


def test_members_are_given_as_they_lie_there() -> None:
    made = members()
    assert [one.data for one in read(b"".join(made))] == made
    assert [one.offset for one in read(b"".join(made))] == [sum(map(len, made[:place])) for place in range(5)]


@pytest.mark.parametrize("head", [b"", b"WAR", b"<html>", b"\x1f\x8b\x08 no gzip", gzip.compress(b"no warc", mtime=0)])
def test_what_is_none(head: bytes) -> None:
    assert not is_warc(head)


def test_a_flipped_bit_costs_its_record() -> None:
    made = members()
    broken = bytearray(made[2])
    broken[len(broken) // 2] ^= 0xFF
    found = read(b"".join([*made[:2], bytes(broken), *made[3:]]))
    assert bodies(found) == [*BODIES[:2], *BODIES[3:]]
    assert len(reasons(found)) == 1


def test_garbage_between_members_costs_nothing_else() -> None:
    made = members()
    found = read(made[0] + b"\x1f\x8b\x08garbage" * 3 + made[1] + b"more" + made[2])
    assert bodies(found) == BODIES[:3]
    assert reasons(found)


def test_a_changed_body_does_not_have_its_digest() -> None:
    whole = plain(members()[1]).replace(b"quay", b"quai", 1)
    found = read(plain(members()[0]) + whole + plain(members()[2]))
    assert bodies(found) == [BODIES[0], BODIES[2]]
    assert reasons(found) == ["the record does not have its digest"]


@pytest.mark.parametrize("pack_", [lambda data: data, gzip.compress])
def test_a_file_cut_short_gives_what_is_whole(pack_: object) -> None:
    data = pack_(b"".join(map(plain, members())))  # type: ignore[operator]
    found = read(data[: int(len(data) * 0.9)])
    assert bodies(found) == BODIES[: len(bodies(found))] != []
    assert reasons(found)


def test_a_member_cut_short_gives_what_is_whole() -> None:
    data = b"".join(members())
    found = read(data[:-20])
    assert (bodies(found), reasons(found)) == (BODIES[:4], ["the gzip member is cut short"])


def test_lines_between_plain_records_are_told_once() -> None:
    found = read(plain(members()[0]) + b"noise\nmore noise\n" * 50 + plain(members()[1]))
    assert (bodies(found), reasons(found)) == (BODIES[:2], ["no record begins where one should"])


@pytest.mark.parametrize("packed", [True, False])
def test_a_record_too_large_is_passed_over_in_bounded_memory(packed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.warc.foreign.LARGEST", 4_000)
    made = members([BODIES[0], b"x" * 500_000, BODIES[2]])
    data = b"".join(made) if packed else b"".join(map(plain, made))
    found = read(data)
    assert bodies(found) == [BODIES[0], BODIES[2]]
    assert len(reasons(found)) == 1
    assert "larger than" in reasons(found)[0]


def chunked(body: bytes) -> bytes:
    pieces = [body[start : start + 100] for start in range(0, len(body), 100)]
    return b"".join(b"%x;a=b\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


@pytest.mark.parametrize("body", [BODIES[0], chunked(BODIES[0])], ids=["already undone", "still chunked"])
def test_the_transfer_coding_is_undone_whatever_the_header_says(body: bytes) -> None:
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n" + body
    fields = (("WARC-Date", "2020-01-01T00:00:00Z"), ("WARC-Target-URI", "https://news.example/"),
              ("WARC-Payload-Digest", f"sha1:{payload_digest(BODIES[0])}"))  # fmt: skip
    [found] = read(record("response", fields, block, "application/http; msgtype=response"))
    assert found.stored is not None
    assert found.stored.body == BODIES[0]


def kept(data: bytes, answer: Exchange) -> bytes:
    return copied(Copy(data, "A" * 32, revisit=False), answer, target=answer.url, date=NOON).response


@pytest.mark.parametrize("name", [True, False])
def test_a_copy_is_the_same_record_in_a_member_like_ours(name: bool) -> None:
    """A gzip header with a time or a name would hide a flipped bit from `verify`."""
    whole, out = plain(members()[0]), io.BytesIO()
    with gzip.GzipFile("page.warc" if name else "", "wb", fileobj=out, mtime=1234567890) as packer:
        packer.write(whole)
    for data in (out.getvalue(), whole):
        member = kept(data, exchange())
        assert plain(member) == whole
        assert member[3:8] == bytes(5)
        assert parse_record(plain(member))[1] is None


def test_a_copy_tells_what_an_index_wants() -> None:
    answer = exchange(headers=(HTML,), status=404)
    packed = copied(
        Copy(members()[0], "A" * 32, revisit=True), answer, target=answer.url, date=datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)
    )
    assert (packed.timestamp, packed.mimetype, packed.statuscode, packed.revisit) == ("20200102030405", "text/html", 404, True)
    assert (packed.request, packed.length) == (b"", len(packed.response))
