"""How right is extraction? Scores ours and plain trafilatura on the same pages, by field and by language.

    python -m bench.quality PAGES [--dump FILE] [--worst N]      (or: bench/quality.py PAGES ...)

PAGES is a folder with `truth.jsonl` and gzipped pages, one in the layout of the article-extraction benchmark
(`ground-truth.json`, `html/`), or one of pages without truth: then nothing is scored. `--dump FILE` writes what was
extracted, one JSON object a line: file, title, authors, published, text.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import mean
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parents[1])]  # also when it is run as a file

from trafilatura import bare_extraction  # noqa: E402

from archive.extract import extract  # noqa: E402
from bench.samples import Sample, read  # noqa: E402

Found = dict[str, Any]  # title, authors, published, text
FIELDS = ("text", "title", "authors", "date")

# -- who is measured --------------------------------------------------------------------------------------------------


def ours(sample: Sample) -> Found:
    page = extract(sample.body, (("Content-Type", "text/html"),), sample.url, sample.captured)
    article = page.article
    if article is None:
        return {"title": None, "authors": [], "published": None, "text": "", "language": None}
    found = {"title": article.title, "authors": list(article.authors), "published": article.published}
    return found | {"text": article.text, "language": article.language}


def plain(sample: Sample) -> Found:
    """trafilatura as most people call it."""
    found: Any = bare_extraction(sample.body, url=sample.url, with_metadata=True)
    if found is None:
        return {"title": None, "authors": [], "published": None, "text": ""}
    authors = found.author.split("; ") if found.author else []
    return {"title": found.title, "authors": authors, "published": found.date, "text": found.text}


# -- measures ---------------------------------------------------------------------------------------------------------

_NO_BLANKS = "[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0e7f]"  # scripts whose words are not set apart
_WORDS = re.compile(rf"{_NO_BLANKS}|[^\W\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0e7f]+")


def norm(text: str | None) -> str:
    return " ".join(unicodedata.normalize("NFKC", text or "").split())


def _shingles(words: list[str]) -> Counter[tuple[str, ...]]:
    return Counter(tuple(words[start : start + 4]) for start in range(max(1, len(words) - 3))) if words else Counter()


def similarity(one: str | None, other: str | None) -> float:
    """F1 over shingles of four words; scripts without blanks count by characters."""
    a, b = (_shingles(_WORDS.findall(norm(text))) for text in (one, other))
    return 2 * (a & b).total() / max(1, a.total() + b.total())


def scores(truth: Found, found: Found) -> dict[str, float]:
    """Every measure that the truth allows, 0 to 1."""
    got = {"text": similarity(truth["body"], found["text"])}
    if "title" in truth:
        got["title"] = float(norm(found["title"]) == norm(truth["title"]))
        got["authors"] = float([norm(name) for name in found["authors"]] == [norm(name) for name in truth["authors"] or []])
    if truth.get("published"):
        got["date"] = float((found["published"] or "")[:10] == truth["published"][:10])
    return got


def benchmark_f1(pairs: Iterable[tuple[str, str]]) -> float:
    """The article-extraction benchmark's own F1 of (truth, found): of mean precision and mean recall, tokens are `\\w+`."""
    precisions, recalls = [], []
    for true, found in pairs:
        a, b = (_shingles(re.findall(r"\w+", text)) for text in (true, found))
        both = (a & b).total()
        if both or b.total():
            precisions.append(both / b.total())
        if both or a.total():
            recalls.append(both / a.total())
    precision, recall = mean(precisions), mean(recalls)
    return 2 * precision * recall / (precision + recall)


# -- report -----------------------------------------------------------------------------------------------------------


def score_all(samples: list[Sample], how: Callable[[Sample], Found]) -> tuple[list[Found], list[dict[str, float]]]:
    found = [how(sample) for sample in samples]
    return found, [scores(sample.truth, one) if sample.truth else {} for sample, one in zip(samples, found, strict=True)]


def averages(rows: Iterable[dict[str, float]]) -> dict[str, float]:
    rows = list(rows)
    return {name: mean(values) for name in FIELDS if (values := [row[name] for row in rows if name in row])}


def _line(name: str, pages: int, rows: Iterable[dict[str, float]]) -> str:
    return f"{name:<24}{pages:>6}  " + "  ".join(f"{field} {value:.3f}" for field, value in averages(rows).items())


def report(samples: list[Sample], worst: int) -> list[Found]:
    """Print the scores of both, by field and by language; give what ours found."""
    found, own = score_all(samples, ours)
    known = [index for index, sample in enumerate(samples) if sample.truth]
    if not known:
        return found
    theirs, other = score_all(samples, plain)
    for name, results, rows in (("morgue", found, own), ("plain trafilatura", theirs, other)):
        print(_line(name, len(known), rows))
        pairs = [(samples[index].truth["body"], results[index]["text"]) for index in known]  # type: ignore[index]
        print(f"{'':<32}benchmark's own F1 {benchmark_f1(pairs):.3f}")
    languages = Counter(found[index]["language"] or "?" for index in known)
    for language, count in languages.most_common():
        chosen = [index for index in known if (found[index]["language"] or "?") == language]
        print(_line(f"  {language}", count, (own[index] for index in chosen)))
        print(_line("     plain trafilatura", count, (other[index] for index in chosen)))
    for index in sorted(known, key=lambda index: own[index]["text"])[:worst]:
        print(f"{own[index]['text']:.3f}  {samples[index].file}")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", type=Path)
    parser.add_argument("--dump", type=Path, metavar="FILE", help="what was extracted, one JSON object a line")
    parser.add_argument("--worst", type=int, default=0, metavar="N", help="name the N pages with the lowest F1")
    given = parser.parse_args()
    samples = list(read(given.pages)) if given.pages.is_dir() else []
    if not samples:
        sys.exit(f"{given.pages}: no pages there; give a folder of .html or .html.gz files")
    found = report(samples, given.worst)
    if given.dump:
        kept = ("title", "authors", "published", "text")
        rows = ({"file": sample.file} | {name: one[name] for name in kept} for sample, one in zip(samples, found, strict=True))
        given.dump.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
        print(f"{len(samples)} pages written to {given.dump}", file=sys.stderr)


if __name__ == "__main__":
    main()
