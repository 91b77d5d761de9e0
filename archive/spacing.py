"""Scripts that write no blanks between words, made fit for an index that takes words for what lies between blanks.

FTS5's unicode61 takes a whole Chinese, Japanese or Thai sentence for one word, so that no word in it is ever found. With
each sign on its own a word is a phrase of signs, which finds exactly the places where it stands. Pure.
"""

from __future__ import annotations

import re
import unicodedata

SEPARATOR = "\x1f"  # the unit separator: one byte, part of no word, in no text

# Thai, Lao, Myanmar, Khmer; kana and Han with all its extensions; Hangul, whose words carry their particles.
_RUN = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005-\u3007\u3041-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7a3\uf900-\ufaff\uff66-\uff9d\U00020000-\U000323af]+"
)


def spaced(text: str) -> str:
    """The text in form NFC, with each sign of such a script between separators.

    NFC for every text: a query of one word and a title of many scripts must come to the same form (U+1FD3 is U+0390 in it).
    """
    return _RUN.sub(lambda run: f"{SEPARATOR}{SEPARATOR.join(run[0])}{SEPARATOR}", unicodedata.normalize("NFC", text))


def is_unspaced(word: str) -> bool:
    """True when some of a word is in such a script: then it may stand anywhere in a run of signs."""
    return _RUN.search(word) is not None
