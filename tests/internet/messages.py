"""HTTP/1.1 requests and answers as values, and their bytes on the wire (RFC 9110, RFC 9112)."""

from __future__ import annotations

import gzip
import re
import time
from dataclasses import dataclass, field
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus
from urllib.parse import parse_qsl, quote, urlsplit

Headers = tuple[tuple[str, str], ...]

HTML = "text/html; charset=utf-8"
PLAIN = "text/plain; charset=utf-8"
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


@dataclass(frozen=True, slots=True)
class Request:
    """One request. `netloc` is lower case without a default port; `target` is path and query as sent."""

    method: str
    scheme: str
    netloc: str
    target: str
    headers: dict[str, str] = field(default_factory=dict)  # names in lower case
    body: bytes = b""

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.netloc}{self.target}"

    @property
    def host(self) -> str:
        return self.netloc.partition(":")[0]

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def accepts_gzip(self) -> bool:
        return "gzip" in self.headers.get("accept-encoding", "")

    def query(self) -> list[tuple[str, str]]:
        """The parameters, decoded, in order."""
        return parse_qsl(self.target.partition("?")[2], keep_blank_values=True)

    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. With `packed` the body is gzip; a client that does not accept that gets it unpacked."""

    status: int
    body: bytes = b""
    type: str | None = HTML
    headers: Headers = ()
    reason: str | None = None
    packed: bool = False

    @property
    def plain(self) -> bytes:
        return unpacked(self.body) if self.packed else self.body


@lru_cache(maxsize=256)
def unpacked(body: bytes) -> bytes:
    """The content of a gzip body. Cached: the same few pages are asked for again and again."""
    return gzip.decompress(body)


def packed(status: int, text: str | bytes, type_: str = HTML, headers: Headers = ()) -> Answer:
    """An answer made on the spot, compressed for clients that take it."""
    body = text.encode() if isinstance(text, str) else text
    return Answer(status, gzip.compress(body, 1, mtime=0), type_, headers, packed=True)


def encode(answer: Answer, request: Request) -> bytes:
    """The bytes of an answer to this request."""
    body, extra = answer.body, ""
    if answer.packed:
        extra = "Vary: Accept-Encoding\r\n"
        if request.accepts_gzip:
            extra += "Content-Encoding: gzip\r\n"
        else:
            body = unpacked(body)
    lines = [f"HTTP/1.1 {answer.status} {answer.reason or _phrase(answer.status)}", f"Date: {_date(int(time.time()))}"]
    if answer.type:
        lines.append(f"Content-Type: {answer.type}")
    lines += [f"{name}: {value}" for name, value in answer.headers]
    if answer.status != 304:
        lines.append(f"Content-Length: {len(body)}")
    head = "\r\n".join(lines) + "\r\n" + extra + "\r\n"
    return head.encode("latin-1", "replace") + (b"" if request.method == "HEAD" or answer.status == 304 else body)


@lru_cache(maxsize=8)
def _date(second: int) -> str:
    return formatdate(second, usegmt=True)


@lru_cache(maxsize=128)
def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def read_head(head: bytes) -> tuple[str, str, dict[str, str]]:
    """Method, target and headers of a request head. Raises ValueError when it is none."""
    first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
    method, target, version = first.split(" ")
    if not version.startswith("HTTP/1."):
        raise ValueError(f"not HTTP/1: {first!r}")
    pairs = (line.partition(":") for line in lines)
    return method, target, {name.lower(): value.strip() for name, _, value in pairs}


def netloc_of(scheme: str, text: str) -> str:
    """Lower case, IDNA, without the default port."""
    netloc = text.rpartition("@")[2].lower().removesuffix(_DEFAULT_PORTS[scheme])
    return netloc if netloc.isascii() else netloc.encode("idna").decode()


def normalised(url: str) -> str:
    """One spelling of an address: what a client may write in different ways is written in one (RFC 3986, 6.2.2)."""
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return f"{parts.scheme}://{netloc_of(parts.scheme, parts.netloc)}{normalised_target(target)}"


@lru_cache(maxsize=65536)
def normalised_target(target: str) -> str:
    """Percent-encoding with capital digits, only where needed."""
    text = re.sub(r"%([0-9A-Fa-f]{2})", _one_escape, target.partition("#")[0])
    return quote(text, safe="%/:@!$&'()*+,;=?[]|~-._")


def _one_escape(match: re.Match[str]) -> str:
    sign = chr(int(match[1], 16))
    return sign if sign in _UNRESERVED else match[0].upper()
