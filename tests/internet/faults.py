"""Faults to switch on: which requests, what goes wrong, how often.

    cdx:429          every CDX request is answered 429, without Retry-After, as the real one does
    replay:hang*2    the first two replays are never answered
    host=www.x.example:503
    url=/2019/04/:truncated
    429=120          429 with Retry-After: 120

Kinds: 429, 429=SECONDS, 503, 504, html (an error page with status 200), reset, hang, slow, truncated, excluded, empty
(no captures although there are), refused (the connection is closed at once).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

KINDS = ("429", "503", "504", "html", "reset", "hang", "slow", "truncated", "excluded", "empty", "refused", "500", "403")


@dataclass
class Fault:
    """`bucket`, `host` or `url` (a part of it) say which requests; `left` how many more, None for all."""

    kind: str
    value: str | None = None
    bucket: str | None = None
    host: str | None = None
    url: str | None = None
    left: int | None = None
    used: int = 0

    @classmethod
    def parse(cls, text: str) -> Fault:
        match = re.fullmatch(
            r"(?:(?P<field>host|url)=(?P<what>[^:]+(?::[^:]+)*?)|(?P<bucket>\w+)):(?P<kind>\w+)(?:=(?P<value>[^*]+))?(?:\*(?P<n>\d+))?", text
        )
        if match is None or match["kind"] not in KINDS:
            raise ValueError(f"{text!r}: write BUCKET:KIND, host=HOST:KIND or url=PART:KIND; kinds are {', '.join(KINDS)}")
        fault = cls(match["kind"], match["value"], bucket=match["bucket"], left=int(match["n"]) if match["n"] else None)
        if match["field"]:
            setattr(fault, match["field"], match["what"])
        return fault

    def applies(self, bucket: str, host: str, url: str) -> bool:
        fits = (
            (self.bucket is None or self.bucket == bucket)
            and (self.host is None or self.host == host)
            and (self.url is None or self.url in url)
        )
        return fits and self.left != 0

    def use(self) -> None:
        self.used += 1
        if self.left is not None:
            self.left -= 1
