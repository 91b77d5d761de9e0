"""Garbled text: UTF-8 that somebody before us read as another encoding. Repaired only where it cannot be anything else."""

from __future__ import annotations

import re

MIN_RUNS = 3  # repairable places on a page: one or two may be the subject of a story


def mend(text: str) -> tuple[str, int]:
    """The text with such runs repaired, and how many there were; unchanged when it is not certain."""
    for signs, telling, runs, encoding in () if text.isascii() else _KINDS:
        if all(any(sign in text for sign in group) for group in signs) and telling.search(text):
            mended, count, others = _repaired(text, runs, encoding)
            if count >= MIN_RUNS and count >= others:
                return mended, count
    return text, 0


# Signs that no garbled text is without (µ and ° are half of Cyrillic's е and а), what gives it away, where it may stand, and
# the encoding that it was read as.
_KINDS = (
    (
        ("ÃâÐÑ",),
        re.compile(r"Ã[\x80-¿]|â€|Ð[\x80-¿°-¿]|Ñ[\x80-‚]"),
        re.compile(r"[\x80-ÿŒœŠšŸŽžƒˆ˜–—‘’‚“”„†‡•…‰‹›€™]{2,}"),
        "cp1252",
    ),
    (("µ°", "РС"), re.compile(r"(?:[РС][А-Яа-яЂ-џҐґ°-»‚-™]){4}"), re.compile(r"[Ѐ-џҐґ\xa0-»‚-™€№]{4,}"), "cp1251"),
)


def _repaired(text: str, runs: re.Pattern[str], encoding: str) -> tuple[str, int, int]:
    counts = {True: 0, False: 0}

    def repair(match: re.Match[str]) -> str:
        read = _read_again(match[0], encoding)
        counts[read is not None] += 1
        return match[0] if read is None else read

    return runs.sub(repair, text), counts[True], counts[False]


def _read_again(run: str, encoding: str) -> str | None:
    """The run as UTF-8; None when it is none. Bytes that the encoding does not have were kept as C1 signs (WHATWG, Encoding)."""
    try:
        return _bytes(run, encoding).decode()
    except UnicodeError:
        return None


def _bytes(run: str, encoding: str) -> bytes:
    try:
        return run.encode(encoding)
    except UnicodeEncodeError:
        return b"".join(sign.encode("latin-1") if "\x80" <= sign <= "\x9f" else sign.encode(encoding) for sign in run)
