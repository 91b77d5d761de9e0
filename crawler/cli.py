"""The `morgue` command: archive's commands plus the ones that act."""

from __future__ import annotations

import sys

import click

from archive import cli as reading
from archive.cli.lazy import LazyGroup
from archive.errors import MorgueError
from crawler import commands as acting


@click.group(
    cls=LazyGroup,
    places=reading.COMMANDS | acting.COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="morgue", message="morgue %(version)s")
def cli() -> None:
    """Fetch news, keep it, find it again, and repair the links that died.

    \b
    Exit codes: 0 complete, 1 error, 2 usage, 3 finished with failures, 4 nothing found, 5 a web archive
    could not be asked (state is saved: run again), 6 a source is silent or unwell, 7 another run holds
    this home, 8 disk full or read-only, 9 damaged archive, 130 interrupted (run again to go on).
    """


def main() -> None:
    """Run the command; errors a person can act on are one line on stderr and an exit code."""
    try:
        code = cli.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except MorgueError as error:
        click.echo(f"morgue: {error}", err=True)
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("morgue: interrupted; run it again to go on", err=True)
        sys.exit(130)
    except BrokenPipeError:  # `morgue search … | head`: the reader has seen enough
        sys.stderr.close()
        sys.exit(0)
    sys.exit(code if isinstance(code, int) else 0)
