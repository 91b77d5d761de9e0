"""Apache: `RewriteRule` with the query in a `RewriteCond` (mod_rewrite of 2.4), for .htaccess or a virtual host."""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

from archive.documents.redirects.base import Inexpressible, Move
from archive.documents.spelling import safe

_HEAD = """\
# For a .htaccess file in the root of your site, or its <VirtualHost>.
# Pages are matched with their query: /page and /page?id=1 are two.
RewriteEngine On
"""
_PLAIN = re.compile(rb"[A-Za-z0-9/_~!@&',:;=-]")


class Apache:
    name = "apache"
    needs_host = True

    def check(self, move: Move) -> None:
        if re.search("%2f", move.path, re.IGNORECASE):
            raise Inexpressible("Apache answers 404 to an encoded slash before it reads any rule (AllowEncodedSlashes)")
        if "%00" in move.path:
            raise Inexpressible("Apache refuses a path with a zero byte")

    def render(self, moves: list[Move]) -> str:
        return _HEAD + "".join(
            f"RewriteCond %{{QUERY_STRING}} ^{_pattern(move.parts.query.encode())}$\n"
            f"RewriteRule ^/?{_pattern(_path(move))}$ {_substitution(move.new)} [R=301,L,NE,QSD]\n"
            for move in moves
        )


def _path(move: Move) -> bytes:
    """Rules see the path decoded, with doubled slashes merged."""
    return re.sub(rb"/{2,}", b"/", unquote_to_bytes(move.path)).removeprefix(b"/")


def _pattern(text: bytes) -> str:
    r"""A regular expression for these bytes. Signs that Apache's own parser knows (blank, quote, `\`, `$`, `%`) are given by
    number, so that they need no second escape."""
    return "".join(_sign(bytes((byte,))) for byte in text)


def _sign(sign: bytes) -> str:
    if _PLAIN.match(sign):
        return sign.decode()
    return f"\\{sign.decode()}" if sign in b".+*?()[]|^" else f"\\x{sign[0]:02x}"


def _substitution(url: str) -> str:
    """`$1` and `%1` would be what was matched."""
    return re.sub(r"([$%])", r"\\\1", safe(url))
