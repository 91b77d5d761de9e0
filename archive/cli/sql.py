"""`morgue sql`."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from archive.cli.base import home_option, json_option
from archive.errors import UsageError
from archive.home import Home
from archive.query.sql import Answer, ask_sql
from archive.terminal import json_line, safe, shorten

_WIDEST = 60  # characters of a column of a table


@click.command()
@click.argument("sql")
@click.option("--csv", "as_csv", is_flag=True, help="Comma-separated values (RFC 4180), as they are in the database.")
@click.option("--timeout", default=10.0, show_default=True, type=click.FloatRange(0), help="Seconds at most.")
@home_option
@json_option
def sql(sql: str, home: Path, timeout: float, *, as_json: bool, as_csv: bool) -> None:
    """Ask the database one question in SQL. It is opened for reading; nothing can be changed.

    The tables and views are described in docs/database.md, examples stand in docs/query.md.
    """
    if as_json and as_csv:
        raise UsageError("choose one of --json and --csv")
    answer = ask_sql(Home(home), sql, timeout)
    lines = _json_lines(answer) if as_json else _csv_lines(answer) if as_csv else _table_lines(answer)
    for line in lines:
        click.echo(line)


def _json_lines(answer: Answer) -> Iterator[str]:
    for row in answer.rows:
        yield json_line({name: _plain(value) for name, value in zip(answer.columns, row, strict=True)})


def _plain(value: Any) -> Any:
    return value.hex() if isinstance(value, bytes) else value


def _csv_lines(answer: Answer) -> Iterator[str]:
    at_terminal = sys.stdout.isatty()  # there nothing from a page may command; another program gets what is in the file
    yield _csv_line(answer.columns)
    for row in answer.rows:
        yield _csv_line([safe(_plain(value)) if at_terminal and value is not None else _plain(value) for value in row])


def _csv_line(row: Iterable[Any]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(row)
    return line.getvalue()


def _table_lines(answer: Answer) -> Iterator[str]:
    cells = [[shorten("" if value is None else _plain(value), _WIDEST) for value in row] for row in answer.rows]
    names = [safe(name) for name in answer.columns]
    widths = [max(map(len, column)) for column in zip(names, *cells, strict=True)]
    for row in (names, ["-" * width for width in widths], *cells):
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
