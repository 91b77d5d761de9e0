"""Two texts compared word by word (`words`), and shown to people: as text and as an HTML page (`shown`)."""

from archive.differences.shown import html_page, marked
from archive.differences.words import Piece, added_and_removed, count_words, differences

__all__ = ["Piece", "added_and_removed", "count_words", "differences", "html_page", "marked"]
