"""The part of docs/database.md that is made from the schema: each table and view with its comments."""

from __future__ import annotations

import re
from collections.abc import Iterator

from archive.schema.migrations import SEARCH, TABLES, VIEWS, split

MADE = "<!-- From here on made from archive/schema/ by `make docs`; `make lint` fails when it is stale. -->\n"
_NAMED = re.compile(r"CREATE (?P<kind>TABLE|VIEW|VIRTUAL TABLE) (?P<name>\w+)")
_COLUMN = re.compile(r"^  (?P<name>[a-z]\w*) (?P<type>[A-Z]+)(?P<rest>[^\n]*?)(?:\s+-- (?P<comment>.*))?$")
_MORE = re.compile(r"^\s{20,}-- (?P<comment>.*)$")


def tables_and_views() -> str:
    """Tables with their columns first, then the views with their SQL."""
    made = [one for statement in split(TABLES) if (one := _table(statement))]
    views = [one for script in (SEARCH, VIEWS) for statement in split(script) if (one := _view(statement))]
    return "\n## Tables\n\n" + "\n".join(made) + "\n## Views\n\n" + "\n".join(views)


def _table(statement: str) -> str:
    named = _NAMED.search(statement)
    if named is None or named["kind"] != "TABLE":
        return ""
    rows = "".join(f"| `{name}` | {kind} | {comment} |\n" for name, kind, comment in _columns(statement))
    return f"### {named['name']}\n\n{_comment(statement)}\n\n| column | type | meaning |\n|---|---|---|\n{rows}"


def _columns(statement: str) -> Iterator[tuple[str, str, str]]:
    found: list[list[str]] = []
    for line in statement.splitlines():
        if column := _COLUMN.match(line):
            leads_to = re.search(r"REFERENCES (\w+)", column["rest"])
            told = [f"→ `{leads_to[1]}`"] if leads_to else []
            told += [column["comment"].strip()] if column["comment"] else []
            kind = column["type"].lower() + (
                "" if "NOT NULL" in column["rest"] or "PRIMARY KEY" in column["rest"] else ", or null"
            )
            found.append([column["name"], kind, "; ".join(told)])
        elif found and (more := _MORE.match(line)):
            found[-1][2] += " " + more["comment"].strip()
    for name, kind, comment in found:
        yield name, kind, comment.replace("|", "\\|")


def _view(statement: str) -> str:
    named = _NAMED.search(statement)
    if named is None or named["kind"] == "TABLE":
        return ""
    return f"### {named['name']}\n\n{_comment(statement)}\n\n```sql\n{statement[named.start() :].strip()}\n```\n"


def _comment(statement: str) -> str:
    """The comment before the statement, as one paragraph."""
    lines = statement[: statement.index("CREATE")].splitlines()
    return " ".join(line.strip().removeprefix("--").strip() for line in lines if line.strip())
