"""In which encoding a text without a mark, a declaration and valid UTF-8 may be: the one door to charset-normalizer."""

from __future__ import annotations

import re

from charset_normalizer import from_bytes

SAMPLE = 1 << 16  # bytes: more tells nothing more
FEW = 8  # bytes above ASCII: fewer say nothing of an encoding
# Those that texts are found in. Among Python's codecs are also rot13, punycode and unicode_escape.
ENCODINGS = [
    *("cp1252", "cp1251", "koi8_r", "cp1250", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874", "koi8_u"),
    *("cp866", "iso8859_2", "iso8859_9", "gb18030", "big5", "cp932", "euc_jp", "cp949"),
]
_CENTRAL_EUROPEAN = frozenset({"Polish", "Czech", "Slovak", "Hungarian", "Slovene", "Romanian"})


def likeliest(data: bytes) -> str:
    """Python's name of the likeliest encoding, by the look of the text; cp1252, the web's own, when nothing speaks.

    charset-normalizer takes French and German in cp1252 for cp1250 (3.4, 2026-11-24): cp1252 wins wherever it fits, unless
    the text is in one of cp1250's own languages.
    """
    sample = data[:SAMPLE]
    if len(re.findall(rb"[\x80-\xff]", sample)) < FEW:
        return "cp1252"
    matches = from_bytes(sample, cp_isolation=ENCODINGS)
    best = matches.best()
    fits = best is None or any("cp1252" in (match.encoding, *match.could_be_from_charset) for match in matches)
    return "cp1252" if best is None or (fits and best.language not in _CENTRAL_EUROPEAN) else best.encoding
