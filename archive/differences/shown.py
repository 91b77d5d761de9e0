"""Differences for people: `[-removed-]{+added+}` as wdiff(1) writes them, and an HTML page that does nothing by itself."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterator, Sequence
from html import escape
from itertools import groupby

from archive.differences.words import Piece
from archive.terminal import safe

Mark = Callable[[str, str], str]
"""Gives a piece of one line, by its sign, the look of what was removed ("-"), added ("+") or kept ("=")."""

_SIGNS = {"-": ("[-", "-]"), "+": ("{+", "+}"), "=": ("", "")}


def in_signs(sign: str, text: str) -> str:
    """Without colours: `[-removed-]` and `{+added+}`."""
    before, after = _SIGNS[sign]
    return f"{before}{text}{after}"


def marked(pieces: Sequence[Piece], mark: Mark = in_signs, *, full: bool = False) -> str:
    """The paragraphs that changed, made safe for a terminal; runs of others as one line that counts them, unless `full`."""
    lines: list[str] = []
    for changed, group in groupby(_paragraphs(pieces), key=lambda paragraph: full or any(p.sign != "=" for p in paragraph)):
        paragraphs = list(group)
        if changed:
            lines += ["".join(_in_one_line(piece, mark) for piece in paragraph) for paragraph in paragraphs]
        else:
            lines.append(f"… ({len(paragraphs)} unchanged {'paragraph' if len(paragraphs) == 1 else 'paragraphs'})")
    return "\n\n".join(lines)


def _paragraphs(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    """Pieces without line ends, those of one paragraph together. A paragraph ends where either text has its end."""
    paragraph: list[Piece] = []
    for piece in pieces:
        first, *others = piece.text.split("\n")
        paragraph += [Piece(piece.sign, first)] if first else []
        for line in others:
            yield paragraph
            paragraph = [Piece(piece.sign, line)] if line else []
    yield paragraph


def _in_one_line(piece: Piece, mark: Mark) -> str:
    """Blanks at the ends stay outside of the marks."""
    text = safe(piece.text)
    before, after = " " * piece.text[0].isspace(), " " * (piece.text[-1].isspace() and bool(text))
    return f"{before}{mark(piece.sign, text) if text else ''}{after}"


_STYLE = (
    "body{max-width:46em;margin:2em auto;padding:0 1em;font:1em/1.5 serif}"
    "del{background:#fdd;color:#700}ins{background:#dfd;color:#050}dt{font-weight:bold}"
    "@media(prefers-color-scheme:dark){body{background:#111;color:#ddd}del{background:#400;color:#fbb}ins{background:#030;color:#bfb}}"
)
_ELEMENTS = {"-": ("<del>", "</del>"), "+": ("<ins>", "</ins>"), "=": ("", "")}


def html_page(title: str, facts: dict[str, str], pieces: Sequence[Piece]) -> str:
    """A page that stands alone and fetches, runs and links nothing: all text is escaped, and its policy forbids the rest.

    The policy allows one style sheet, by its hash (Content Security Policy Level 3, 2.3.1).
    """
    digest = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    told = "".join(f"<dt>{_text(name)}</dt><dd>{_text(value)}</dd>" for name, value in facts.items())
    body = "\n".join(f'<p dir="auto">{"".join(map(_element, paragraph))}</p>' for paragraph in _paragraphs(pieces) if paragraph)
    return (
        '<!DOCTYPE html>\n<html>\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width">\n<meta name="referrer" content="no-referrer">\n'
        f"<title>{_text(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f'<h1 dir="auto">{_text(title)}</h1>\n<dl>{told}</dl>\n{body}\n</body>\n</html>\n'
    )


def _element(piece: Piece) -> str:
    before, after = _ELEMENTS[piece.sign]
    blank = " " * piece.text[0].isspace()
    return f"{blank}{before}{_text(piece.text)}{after}"


def _text(text: str) -> str:
    return escape(safe(text))
