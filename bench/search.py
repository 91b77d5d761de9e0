"""Search in a large archive: milliseconds a query and the size of the file, beside plain FTS5 over the same texts.

    python -m bench.search [--articles N] [--queries N] [--folder DIR]

Makes N articles of 400 to 700 words (Zipf's law over 60,000 words, the commonest of them English), their titles out of
the same words, in the real schema, and a second database with one plain FTS5 table. Then asks both for one to four words out
of titles, stop words among them, with snippets, in turns. A folder that is given is kept and used again.
"""

from __future__ import annotations

import argparse
import gc
import random
import tempfile
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, process_time
from typing import Any

from archive.home import Home
from archive.query.base import open_home
from archive.query.filters import Filters
from archive.query.search import search
from archive.schema import connect, sqlite3

SEED = 6
WORDS = 60_000
BATCH = 1000  # articles a transaction
STOP = (  # noqa: SIM905
    "the of to and a in is that for it as was with be by on not he his but at are this have from or had an they which one "
    "were all their there been has would more will no out if so what up said who about into them can than its time only some "
    "could new then other these two may first any now such like our over man me even most made after also did many must"
).split()
_ONSETS = "b c d f g h j k l m n p r s t v w br cl dr fl gr pl st tr sh ch".split()  # noqa: SIM905
_VOWELS = "a e i o u ai ea ou".split()  # noqa: SIM905


@dataclass(frozen=True, slots=True)
class Story:
    """One synthetic article."""

    number: int
    title: str
    text: str

    @property
    def url(self) -> str:
        day = f"{2000 + self.number % 26}/{1 + self.number % 12:02}/{1 + self.number % 28:02}"
        return f"https://www.paper{self.number % 300}.example/{day}/{self.title.lower().replace(' ', '-')}-{self.number}"


def vocabulary() -> list[str]:
    """The commonest words first."""
    rng, found = random.Random(SEED), dict.fromkeys(STOP)
    while len(found) < WORDS:
        syllables = rng.choices((1, 2, 3), (1, 5, 4))[0]
        found.setdefault("".join(rng.choice(_ONSETS) + rng.choice(_VOWELS) for _ in range(syllables)) + rng.choice("nrsltd "))
    return [word.strip() for word in found]


def stories(count: int) -> Iterator[Story]:
    """Each speaks of a dozen words more often than others do, as texts do; its title has half of its words out of them."""
    rng, words = random.Random(SEED), vocabulary()
    bag = _bag(words)
    for number in range(count):
        topic = [words[int(len(STOP) * (len(words) / len(STOP)) ** rng.random())] for _ in range(12)]
        places = array("I", rng.randbytes(4 * rng.randint(400, 700)))
        drawn = [bag[place % len(bag)] for place in places]
        drawn[::9] = rng.choices(topic, k=len(drawn[::9]))
        title = rng.sample(drawn, rng.randint(3, 5)) + rng.sample(topic, rng.randint(3, 6))
        rng.shuffle(title)
        text = ". ".join(" ".join(drawn[at : at + 17]).capitalize() for at in range(0, len(drawn), 17))
        yield Story(number, " ".join(title).title(), text + ".")


def _bag(words: list[str]) -> list[str]:
    """A million words to draw from: ten make up 23 % of them, a hundred 48 %, a thousand 71 %, much as in English."""
    weights = [(rank + 2.7) ** -1.1 for rank in range(len(words))]  # Mandelbrot's form of Zipf's law
    share = 2**20 / sum(weights)
    return [word for word, weight in zip(words, weights, strict=True) for _ in range(max(1, round(weight * share)))]


def build(folder: Path, count: int) -> None:
    """The archive and the plain table."""
    db = connect(Home(folder).database)
    db.execute("PRAGMA synchronous=OFF")
    plain = sqlite3.connect(folder / "plain.db", isolation_level=None)
    plain.execute("PRAGMA journal_mode=WAL")
    plain.execute("CREATE VIRTUAL TABLE plain USING fts5(title, text, tokenize='unicode61 remove_diacritics 2')")
    written = stories(count)
    while some := tuple(islice(written, BATCH)):
        for connection, insert in ((db.conn, _insert), (plain, _insert_plain)):
            connection.execute("BEGIN")
            insert(connection, some)
            connection.execute("COMMIT")
        print(f"\r{some[-1].number + 1:,} articles", end="", flush=True)
    for connection in (db.conn, plain):
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
    print()


def _insert(connection: Any, some: tuple[Story, ...]) -> None:
    """As a crawl leaves it: address, check, capture, article, version."""
    at = "2026-11-25T12:00:00Z"
    many = connection.executemany
    many(
        "INSERT INTO urls(id, url, urlkey, host, site, slug, article_id, first_seen) VALUES (?, ?, ?, ?, ?, ?, NULL, ?)",
        [
            (s.number + 1, s.url, f"example,paper{s.number % 300})/{s.url[30:]}", f"www.paper{s.number % 300}.example",
             f"paper{s.number % 300}.example", s.title.lower().replace(" ", "-"), at)
            for s in some
        ],
    )  # fmt: skip
    many(
        "INSERT INTO checks(url_id, url, checked, state, rule, statuscode, evidence) VALUES (?, ?, ?, 'alive', 'alive', "
        "200, '{}')",
        [(s.number + 1, s.url, at) for s in some],
    )
    many(
        "INSERT INTO captures(id, url_id, urlkey, timestamp, original, mimetype, statuscode, digest, length, archive, revisit, "
        "fetched, warc_file, warc_offset, extracted) VALUES (?1, ?1, ?2, '20261125120000', ?2, 'text/html', 200, ?3, 20000, "
        "'crawl', 0, ?4, 'a.warc.gz', ?1, 'ok')",
        [(s.number + 1, s.url, sha256(s.text.encode()).hexdigest()[:32], at) for s in some],
    )
    many(
        "INSERT INTO articles(id, url, title, authors, published, site, language, text, origin, captured, first_seen, last_seen) "
        "VALUES (?, ?, ?, '[]', ?, ?, 'en', ?, 'live', ?, ?, ?)",
        [
            (s.number + 1, s.url, s.title, "-".join(s.url.split("/")[3:6]), f"Paper {s.number % 300}", s.text, at, at, at)
            for s in some
        ],
    )
    many(
        "INSERT INTO version_rows(id, article_id, capture_id, captured, origin, title, authors, text_sha256, shown) "
        "VALUES (?1, ?1, ?1, ?2, 'live', ?3, '[]', ?4, 1)",
        [(s.number + 1, at, s.title, sha256(s.text.encode()).hexdigest()[:32]) for s in some],
    )
    first, last = some[0].number + 1, some[-1].number + 1
    connection.execute("UPDATE urls SET article_id = id WHERE id BETWEEN ? AND ?", (first, last))
    connection.execute("UPDATE articles SET version_id = id WHERE id BETWEEN ? AND ?", (first, last))


def _insert_plain(connection: Any, some: tuple[Story, ...]) -> None:
    values = [(story.number + 1, story.title, story.text) for story in some]
    connection.executemany("INSERT INTO plain(rowid, title, text) VALUES (?, ?, ?)", values)


def questions(titles: list[str], count: int) -> list[str]:
    """One to four words out of a title, in its order."""
    rng = random.Random(SEED)
    asked = []
    for place in range(count):
        words = rng.choice(titles).split()
        kept = sorted(rng.sample(range(len(words)), 1 + place % 4))
        asked.append(" ".join(words[at] for at in kept))
    return asked


PLAIN = """
SELECT rowid, title, snippet(plain, 1, char(2), char(3), '…', 40) FROM plain WHERE plain MATCH ?
ORDER BY bm25(plain, 8.0, 1.0) LIMIT 20
"""


def measure(folder: Path, asked: list[str], clock: Callable[[], float]) -> list[tuple[float, float]]:
    """Seconds that each question takes, ours and plain FTS5's, in turns."""
    db, plain = open_home(Home(folder)), sqlite3.connect((folder / "plain.db").as_uri() + "?mode=ro", uri=True)
    seen = []
    gc.disable()
    for words in asked:
        start = clock()
        ours = search(db, Filters(words))
        between = clock()
        theirs = plain.execute(PLAIN, (" ".join(f'"{word}"' for word in words.split()),)).fetchall()
        seen.append((between - start, clock() - between))
        assert len(ours) == len(theirs), words
    gc.enable()
    return seen


def report(seen: list[tuple[float, float]]) -> None:
    ours, plain = zip(*seen, strict=True)
    for name, times in (("morgue search", ours), ("plain FTS5", plain)):
        middle, most = median(times) * 1e3, quantiles(times, n=20)[-1] * 1e3
        print(f"{name:16} median {middle:7.2f} ms   95 % {most:7.2f} ms   worst {max(times) * 1e3:8.2f} ms")
    print(f"ratio            median {median(ours) / median(plain):7.2f}      in all {sum(ours) / sum(plain):5.2f}")


def run(folder: Path, count: int) -> None:
    db = open_home(Home(folder))
    sizes = "sum(length(CAST(title AS BLOB)) + length(CAST(text AS BLOB)))"
    articles, raw = db.execute(f"SELECT count(*), {sizes} FROM articles").fetchone()
    some = f"SELECT title FROM articles WHERE id % {max(1, articles // 1000)} = 0"
    asked = questions([row[0] for row in db.execute(some).fetchall()], count)
    db.close()
    for name in ("morgue.db", "plain.db"):
        size = (folder / name).stat().st_size
        print(f"{name:16} {size / 1e6:9.0f} MB = {size / raw:.2f} x the raw text of {articles:,} articles")
    [(first, _)] = measure(folder, asked[:1], perf_counter)
    print(f"first question   {first * 1e3:9.2f} ms, with nothing read before")
    report(measure(folder, asked, process_time))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--queries", type=int, default=400)
    parser.add_argument("--folder", type=Path, help="keep the databases here, or use the ones that are")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="morgue-bench-") as scratch:
        folder = (given.folder or Path(scratch)).absolute()
        folder.mkdir(exist_ok=True)
        if not Home(folder).database.exists():
            build(folder, given.articles)
        run(folder, given.queries)


if __name__ == "__main__":
    main()
