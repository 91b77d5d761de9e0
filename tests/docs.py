"""The pages that are made: commands from their own help, the database from its schema: python -m tests.docs --check | --write"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from crawler.cli import cli
from tests import schema_page
from tests.archive import schema_dump

DOCS = Path(__file__).parent.parent / "docs"
WIDTH = 100  # columns
HEAD = """# Commands

Made from the commands' own help by `make docs`; `make lint` fails when this page is stale.
"""


def main() -> int:
    """Write the pages, or say which are stale."""
    stale = [name for name, made in pages() if _differs(DOCS / name, made, write="--write" in sys.argv)]
    if stale and "--write" not in sys.argv:
        print(f"docs/{', docs/'.join(stale)}: not what the commands and the schema say: run `make docs`", file=sys.stderr)
    return int(bool(stale) and "--write" not in sys.argv)


def pages() -> Iterator[tuple[str, str]]:
    """Each page by its file. docs/database.md has a head that people write, down to the line where the rest is made."""
    yield "commands.md", reference()
    head = (DOCS / "database.md").read_text(encoding="utf-8").partition(schema_page.MADE)[0]
    yield "database.md", head + schema_page.MADE + schema_page.tables_and_views()
    if schema_dump.UNRELEASED.exists():
        yield os.path.relpath(schema_dump.UNRELEASED, DOCS), schema_dump.today()


def _differs(file: Path, made: str, *, write: bool) -> bool:
    differs = not file.is_file() or file.read_text(encoding="utf-8") != made
    if differs and write:
        file.write_text(made, encoding="utf-8")
    return differs


def reference() -> str:
    """One section a command, the group first."""
    sections = (f"## {name}\n\n```text\n{text}\n```\n" for name, text in _helps(cli, "morgue", None))
    return HEAD + "\n" + "\n".join(sections)


def _helps(command: click.Command, name: str, parent: click.Context | None) -> Iterator[tuple[str, str]]:
    settings = command.context_settings | {"terminal_width": WIDTH, "max_content_width": WIDTH}
    context = click.Context(command, parent=parent, info_name=name.rsplit(maxsplit=1)[-1], **settings)
    yield name, "\n".join(line.rstrip() for line in command.get_help(context).splitlines())
    if isinstance(command, click.Group):
        for below in command.list_commands(context):
            found = command.get_command(context, below)
            assert found is not None
            yield from _helps(found, f"{name} {below}", context)


if __name__ == "__main__":
    sys.exit(main())
