"""Any string as title, author, text and query: it is kept as it is, found by itself, shown inert, and never an error."""

from __future__ import annotations

import html as entities
import json
import random
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archive.articles import _values
from archive.models import Article
from archive.query.filters import Filters
from archive.query.search import search
from archive.query.show import show
from archive.render.html import html
from archive.render.markdown import markdown
from archive.schema import connect, insert, rows, storable
from archive.terminal import json_line
from tests.archive.made import article

BLNS = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "hostile" / "blns.json"
OWN = [
    "", " ", "\0", "\x1b[31mred", "\x1b]52;c;cHduZWQ=\x07", "<script>alert(1)</script>", "</title><script>", "--><!--", "]]>", "&amp;lt;",
    "'; DROP TABLE articles; --", "\" OR 1=1 --", "=cmd|' /C calc'!A0", "@SUM(1)", "../../etc/passwd", "C:\\CON", "%00%n%s", "{0}{{x}}",
    "---\ntitle: x\n---", "# heading", "[x](javascript:alert(1))", "![x](http://e.example/t.png)", "`code`", "$(reboot)", "`id`",
    "\u202egnp.exe", "\ufeffBOM", "\ud800", "a\u0300\u0301\u0302" * 50, "Z" * 5000, "ﷺ" * 40, "👩‍👩‍👧‍👦", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "İıſK", "ß", "Ǆ", "\u2028", "\x85", "title:x",
    "NEAR(a b)", "a AND", "^a", "*", "-", "-a", '"', '"a', "a*", "-\"a b\"*", "col:*", "{a b}:c", "(", ")", "+a", "a + b",
    "ก็", "ｶﾞｽ", "가", "각", "한글", "𠀀𠀁", "ꦲꦏ꧀ꦱꦫ", "မြန်မာ", "ខ្មែរ", "ລາວ", "العربية", "עברית", "हिन्दी",
]  # fmt: skip

UNSAFE = "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"


def blankless(text: str) -> str:
    return "".join(text.split())


def random_strings(count: int) -> Iterator[str]:
    """Short texts over all of Unicode, its low part more often; surrogates and unassigned signs among them."""
    noise = random.Random(6)
    ceilings = (0x80, 0x250, 0x3000, 0xFFFF, 0x10FFFF)
    for _ in range(count):
        yield "".join(chr(noise.randrange(noise.choice(ceilings))) for _ in range(noise.randrange(1, 24)))


def strings() -> list[str]:
    naughty = json.loads(BLNS.read_text(encoding="utf-8")) if BLNS.exists() else []
    return [*OWN, *naughty, *random_strings(10_000)]


@pytest.fixture(scope="module")
def db() -> Any:
    """One article for each string, which is its title, its author and in its text."""
    made = connect(Path(":memory:"))
    made.execute("BEGIN")
    for number, text in enumerate(strings(), 1):
        values = _values(told(text)) | dict.fromkeys(("captured", "first_seen", "last_seen"), "2026-11-25T12:00:00Z")
        insert(made, "articles", values | {"url": f"https://news.example/{number}", "origin": "live"})
    made.execute("COMMIT")
    return made


def told(text: str) -> Article:
    return article(text, f"It said: {text}", authors=(text, "Ana"))


def test_what_was_kept_is_what_was_given(db: Any) -> None:
    kept = rows(db, "SELECT title, authors, text FROM articles ORDER BY id")
    given = [told(text) for text in strings()]
    assert len(kept) == len(given) > 10_000
    for row, one in zip(kept, given, strict=True):
        assert (row["title"], row["text"]) == (storable(one.title), storable(one.text))
        assert list(map(storable, json.loads(row["authors"]))) == list(map(storable, one.authors))


def test_each_string_is_answered_as_query_author_and_title(db: Any) -> None:
    for number, text in enumerate(strings()):
        search(db, Filters(text, title_only=bool(number % 2)), limit=1)
    for text in strings()[:1500:2]:
        search(db, Filters("", author=text, site=text, origin=text, language=text), limit=1)


def test_a_title_is_found_by_itself(db: Any) -> None:
    """Where it holds a letter that FTS5's Unicode knows, and no sign of the query language."""
    missed = []
    for number, text in list(enumerate(strings()))[::29]:
        plain = storable(re.sub(r'["“”„‟«»″＂*-]', " ", text))
        if any(unicodedata.category(sign) in ("Ll", "Lu") and ord(sign) < 0x250 for sign in plain):
            found = search(db, Filters(plain, title_only=True), limit=1000)
            missed += [text] if number + 1 not in {hit["id"] for hit in found} else []
    assert missed == []


def test_shown_it_commands_nothing_and_reads_back(db: Any) -> None:
    for number in range(1, len(strings()), 11):
        shown = show(db, str(number))
        assert json.loads(json_line(shown))["title"] == shown["title"]
        page = html(shown)
        assert set(re.findall(r"<(\w+)", page)) <= {
            *["html", "head", "meta", "title", "style", "body", "article", "h1", "dl", "dt", "dd", "a", "p"]
        } | {"DOCTYPE"}
        assert not re.search(UNSAFE, page)
        [title] = re.findall(r"<h1>(.*?)</h1>", page)
        assert blankless(entities.unescape(title)) == blankless(re.sub(UNSAFE, "", shown["title"] or "(no title)"))
        assert markdown(shown).startswith("---\n")
