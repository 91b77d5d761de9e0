"""Two texts side by side: what differs, paragraph beside paragraph. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archive.differences import Piece

AROUND = 1  # paragraphs without a change that are shown before and after one that has


@dataclass(frozen=True, slots=True)
class Row:
    """A paragraph of each text, as pieces; `same` when nothing in it changed but where lines are broken.

    `skipped` counts paragraphs that are left out instead.
    """

    left: tuple[Piece, ...] = ()
    right: tuple[Piece, ...] = ()
    skipped: int = 0

    @property
    def same(self) -> bool:
        return all(piece.sign == "=" or not piece.text.strip() for piece in (*self.left, *self.right))


def side_by_side(pieces: Sequence[Piece], around: int = AROUND) -> list[Row]:
    """Rows of both texts; long stretches without a change are told by their length."""
    rows = list(_rows(pieces))
    near = {place + step for place, row in enumerate(rows) if not row.same for step in range(-around, around + 1)}
    shown: list[Row] = []
    for place, row in enumerate(rows):
        if place in near:
            shown.append(row)
        elif shown and shown[-1].skipped:
            shown[-1] = Row(skipped=shown[-1].skipped + 1)
        else:
            shown.append(Row(skipped=1))
    return shown


def _rows(pieces: Sequence[Piece]) -> Iterator[Row]:
    """A row ends where both texts end a line; a line that one text has alone stays in the row of its change."""
    left: list[Piece] = []
    right: list[Piece] = []
    for piece in pieces:
        if piece.sign != "=":
            (left if piece.sign == "-" else right).append(piece)
            continue
        *lines, last = piece.text.split("\n")
        for line in lines:
            yield _row(left, right, line)
            left, right = [], []
        if last:
            left.append(Piece("=", last))
            right.append(Piece("=", last))
    yield _row(left, right, "")


def _row(left: list[Piece], right: list[Piece], line: str) -> Row:
    same = [Piece("=", line)] if line else []
    return Row((*left, *same), (*right, *same))
