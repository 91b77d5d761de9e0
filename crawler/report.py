"""What came of each thing that was asked for: the objects of `crawl --json` and the summary for people."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import click

from archive.models import Article, Knowledge, Outcome
from archive.query.asked import asked
from archive.repair import match
from archive.schema import Reader
from archive.states import State
from archive.terminal import safe, shorten
from archive.timestamps import parse_iso

FIELDS = [
    "url",
    "role",
    "document",
    "verdict",
    "rule",
    "origin",
    "article",
    "replacement",
    "archive_url",
    "captured",
    "method",
    "confidence",
    "match",
]

MEANINGS = {
    "alive": "alive: fetched from its own site",
    "archived": "archived: gone, its text comes from a web archive, or from our own capture",
    "replaced": "replaced: gone, found under another address",
    "blocked": "blocked: its site refuses us; it is not taken for dead",
    "excluded": "excluded: gone, and its site keeps archives from showing it",
    "none": "none: gone, and no archive has a copy that is surely it",
    "unknown": "unknown: could not be told now; asked again in a later run",
}


def outcomes(db: Reader, mention_ids: list[int]) -> list[dict[str, Any]]:
    """One object for each mention asked for, with the fields of FIELDS and `title`, `state`, `detail`, `due` for people."""
    return [_outcome(row) for row in asked(db, mention_ids)]


def _outcome(row: dict[str, Any]) -> dict[str, Any]:
    verdict = verdict_of(row["state"], row["outcome"], row["replacement"])
    live = row["origin"] == "live"
    proven = row["outcome"] == Outcome.FOUND  # a proposal is for `morgue repair --review`
    return {
        "url": row["url"],
        "role": row["role"],
        "document": row["document"],
        "verdict": verdict,
        "rule": row["rule"] or "not_fetched",
        "origin": row["origin"],
        "article": row["article"],
        "replacement": row["replacement"] if proven else None,
        "archive_url": (row["repair_url"] if proven else None) or row["archive_url"],
        "captured": row["captured"],
        "method": row["method"] if proven else ("live" if row["article"] and live else None),
        "confidence": row["confidence"] if proven else (1.0 if row["article"] and live else None),
        "match": _match(row),
        "title": row["title"] or row["told"],
        "state": row["state"],
        "detail": json.loads(row["check_evidence"] or "{}").get("detail"),
        "due": row["due"] if row["queue"] == "queued" else None,
    }


def verdict_of(state: str | None, outcome: str | None, replacement: str | None) -> str:
    """One word for what stands for an address now. Unknown is never none."""
    verdict = State(state).verdict if state else "unknown"
    if verdict != "dead":
        return verdict
    if outcome == Outcome.FOUND:
        return "replaced" if replacement else "archived"
    return outcome or "unknown"


def _match(row: dict[str, Any]) -> float | None:
    """How well the article's text agrees with what the document says: 0 to 1, None when it says nothing."""
    if row["article"] is None or row["document"] is None:
        return None
    original = row["role"] == "original"
    told = Knowledge(
        row["url"],
        title=row["told"] or (row["headline"] if original else None),
        text=row["known_text"] or None,
        reference=parse_iso(row["reference"]) if row["reference"] else None,
    )
    article = Article(row["title"], (), None, None, None, None, None, None, None, row["text"])
    found = match(told, article)
    return round(found, 3) if found is not None else None


def public(outcome: dict[str, Any]) -> dict[str, Any]:
    """The object that `crawl --json` prints."""
    return {name: outcome[name] for name in FIELDS}


def summary(found: list[dict[str, Any]], counts: Counter[str], problems: tuple[str, ...], home: object) -> list[str]:
    """Lines for a person: each thing asked for, then everything counted."""
    lines = [line for outcome in found for line in _told(outcome)]
    tally = Counter(outcome["verdict"] for outcome in found)
    lines += ["", f"{len(found)} asked for" + (f", {len(problems)} inputs could not be read" if problems else "")]
    lines += [f"  {tally[verdict]:>4}  {meaning}" for verdict, meaning in MEANINGS.items() if tally[verdict]]
    looked = f"{counts['pages']} addresses looked at"
    if counts["related"]:
        looked += f", {counts['related']} of them linked as related"
    return [*lines, f"{looked}; {counts['stored']} articles in {home}"]


TOLD = 20  # addresses in one list of the summary


def texts(counts: Counter[str], refused: list[tuple[str, str]]) -> list[str]:
    """Lines for a person: how many articles changed, and which pages showed less than the text that is kept."""
    changed = counts["text_changed"] + counts["text_back"]
    lines = [f"{changed} articles changed (`morgue history URL` shows how)"] if changed else []
    if refused:
        lines.append(f"{len(refused)} pages showed something that was kept beside the current text and does not replace it:")
        lines += [f"  {safe(url)}: {safe(why)}" for url, why in refused[:TOLD]]
        lines += [f"  … and {len(refused) - TOLD} more: `morgue runs`, view `timeline`"] if len(refused) > TOLD else []
    return lines


def scheduled(counts: Counter[str], home: object, due: str | None) -> list[str]:
    """Lines for a person, and for the mail of cron, on a run that nobody asked for anything."""
    states = [(name, counts[f"state_{name}"]) for name in map(str, State) if counts[f"state_{name}"]]
    looks = [(name, counts[f"listing_{name}"]) for name in ("unchanged", "failed", "broken", "gone") if counts[f"listing_{name}"]]
    lines = (
        [f"{counts['listings']} listings read{_bracketed(looks)}; {counts['announced']} new addresses"]
        if counts["listings"]
        else []
    )
    lines.append(f"{counts['pages']} addresses looked at{_bracketed(states)}; {counts['stored']} articles in {home}")
    return [*lines, f"next due {due}"] if due else lines


def _bracketed(counts: list[tuple[str, int]]) -> str:
    return f" ({', '.join(f'{count} {name}' for name, count in counts)})" if counts else ""


def nothing_due(due: str | None, home: object) -> list[str]:
    """Lines for a person when there was nothing to do."""
    later = f"the next look is due {due}" if due else "give a FILE or a URL"
    return [f"nothing is due in {home}: {later}"]


def _told(outcome: dict[str, Any]) -> list[str]:
    name = outcome["title"] or outcome["url"]
    head = f"{outcome['verdict']:9} {click.style(shorten(name, 120), bold=True)}"
    return [head, *(f"{'':9} {safe(line)}" for line in _story(outcome) if line and line != name)]


def _story(outcome: dict[str, Any]) -> list[str]:
    """Where a text came from, or why there is none; then the addresses to go to."""
    fate, captured = _fate(outcome), (outcome["captured"] or "")[:10]
    match outcome["verdict"]:
        case "alive":
            got = fate if outcome["state"] == State.PAYWALLED else "fetched"
            return [_with_match(got if outcome["article"] else "there is no article on this page", outcome), outcome["url"]]
        case "archived":
            return [_with_match(f"{fate}; text of {captured} from {_source(outcome)}", outcome), outcome["archive_url"]]
        case "replaced":
            found = f"{fate}; found by {str(outcome['method']).replace('_', ' ')}, text of {captured} from {_source(outcome)}"
            return [_with_match(found, outcome), outcome["replacement"], outcome["archive_url"]]
        case "blocked":
            copy = f"; a copy of {captured} from {outcome['origin']}" if outcome["archive_url"] else ""
            return [_with_match(fate + copy, outcome), outcome["url"], outcome["archive_url"]]
        case "unknown":
            dead = outcome["state"] in map(str, State) and State(outcome["state"]).dead
            known = f"{fate}; the web archive could not be asked" if dead else fate
            due = f"; due again {outcome['due']}" if outcome["due"] and outcome["state"] else ""
            return [known + due, outcome["url"]]
        case _:
            return [fate, outcome["url"]]


def _source(outcome: dict[str, Any]) -> str:
    """Whose capture the text is from."""
    return "our own capture" if outcome["method"] == "own_capture" and not outcome["archive_url"] else str(outcome["origin"])


_REASONS = {
    "not_fetched": "not looked at yet; the next run will",
    "robots_txt": "its robots.txt asks us to stay out",
    "unsafe": "not asked for",
    "dns_unknown": "its host's name could not be looked up",
    "timeout": "it did not answer in time",
    "refused": "it refused the connection",
    "reset": "the connection broke off",
    "protocol": "its answer cannot be read",
    "too_large": "larger than we fetch",
    "redirect_loop": "it redirects in circles",
    "error": "an error of morgue's own",
    "temporary_for_long": "gone (no answer at three looks, three days and more apart)",
    "same_as_missing": "gone (its host answers so for any address)",
}
_FATES = {
    State.REDIRECT_HOME: "gone (sends its readers to the front page)",
    State.REDIRECT_SECTION: "gone (sends its readers to a page of many)",
    State.SOFT404: "gone (the page says so)",
    State.DRIFTED: "shows something else now",
    State.PARKED: "gone (its domain is for sale)",
    State.DNS_GONE: "gone (its host does not exist any more)",
    State.TLS_FAILURE: "its certificate is not valid",
    State.MOVED: "moved",
    State.PAYWALLED: "fetched as far as it is free",
}


def _fate(outcome: dict[str, Any]) -> str:
    """How the address itself answered, in a few words."""
    rule, state = str(outcome["rule"]), outcome["state"]
    if rule in _REASONS:
        return f"{_REASONS[rule]} ({outcome['detail']})" if outcome["detail"] else _REASONS[rule]
    if state in _FATES:
        return _FATES[state]
    answer = rule.removeprefix("status_").replace("_", " ")
    if state == State.TEMPORARY and rule.startswith("status_"):
        return f"it answered {answer}"
    return {State.HARD_GONE: f"gone ({answer})", State.BLOCKED: f"refused ({answer})"}.get(state, answer)


def _with_match(text: str, outcome: dict[str, Any]) -> str:
    return f"{text}, matches the clipping {outcome['match']:.0%}" if outcome["match"] is not None else text


def exit_code(found: list[dict[str, Any]], problems: tuple[str, ...], *, archive_unknown: bool) -> int:
    """0 everything has its answer, 3 something failed, 5 a web archive could not be asked."""
    if archive_unknown:
        return 5
    return 3 if problems or any(outcome["verdict"] == "unknown" for outcome in found) else 0
