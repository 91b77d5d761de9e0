"""The command reference, made from the commands themselves: python -m tests.docs --check | --write"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from crawler.cli import cli

FILE = Path(__file__).parent.parent / "docs" / "commands.md"
WIDTH = 100  # columns
HEAD = """# Commands

Made from the commands' own help by `make docs`; `make lint` fails when this page is stale.
"""


def main() -> int:
    """Write the reference, or say that it is stale."""
    made = reference()
    if "--write" in sys.argv:
        FILE.write_text(made, encoding="utf-8")
        return 0
    if FILE.is_file() and FILE.read_text(encoding="utf-8") == made:
        return 0
    print(f"docs/{FILE.name} does not say what the commands say: run `make docs`", file=sys.stderr)
    return 1


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
