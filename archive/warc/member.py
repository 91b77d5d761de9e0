"""A record that came over the network instead of from a file of ours: Common Crawl answers a Range with one gzip member."""

from __future__ import annotations

from archive.codings import decoded_body
from archive.warc.read import Stored, parse_record


def read_member(data: bytes) -> Stored:
    """The record in one gzip member, inflated within bounds. Raises ValueError when it is not whole or too large."""
    stored, reason = parse_record(decoded_body(data, (("Content-Encoding", "gzip"),)))
    if reason or stored is None:
        raise ValueError(reason or "no record")
    return stored
