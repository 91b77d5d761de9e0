"""nginx: a `map` from the request as it was sent (ngx_http_map_module), looked up in a hash."""

from __future__ import annotations

import re
from collections import Counter

from archive.documents.redirects.base import Inexpressible, Move
from archive.documents.spelling import percent, safe

_LONGEST = 3900  # bytes of one word; nginx reads its configuration through a buffer of 4096

_HEAD = """\
# Include this file in the http block, and in the server block of your site write:
#     if ($morgue_moved) {{ return 301 $morgue_moved; }}
# Pages are matched with their query as it was sent: /page and /page?id=1 are two.
map_hash_max_size {size};
map_hash_bucket_size {bucket};
map $request_uri $morgue_moved {{
    default "";
"""


class Nginx:
    name = "nginx"
    needs_host = True

    def check(self, move: Move) -> None:
        if max(len(move.request), len(move.new)) > _LONGEST:
            raise Inexpressible("it is longer than nginx reads")

    def render(self, moves: list[Move]) -> str:
        """A map's strings match in any case; where two requests differ in case alone both are regular expressions."""
        spellings = Counter(move.request.lower() for move in moves)
        lines = [f"    {_key(move, exact=spellings[move.request.lower()] > 1)} {_value(move.new)};\n" for move in moves]
        longest = max((len(move.request) for move in moves), default=0)
        # A bucket holds a key with its pointer and length, and nginx refuses to start when one does not fit.
        bucket = next(size for size in (128, 256, 512, 1024, 2048, 4096, 8192) if size >= longest + 64)
        head = _HEAD.format(size=max(2048, 4 * len(moves)), bucket=bucket)
        return head + "".join(lines) + "}\n"


def _key(move: Move, *, exact: bool) -> str:
    return _quoted(f"~^{re.escape(move.request)}$") if exact else _quoted(move.request)


def _value(url: str) -> str:
    """nginx has no escape for the sign that begins a variable."""
    return _quoted(percent(safe(url), "$"))


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
