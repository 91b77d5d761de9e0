"""`morgue serve`."""

from __future__ import annotations

import webbrowser
from pathlib import Path

import click

from archive.cli.base import home_option
from archive.home import Home


@click.command()
@home_option
@click.option("--port", default=8001, show_default=True, type=click.IntRange(0, 65535), help="0 takes any free one.")
@click.option("--open", "open_browser", is_flag=True, help="Open the front page in your browser.")
def serve(home: Path, port: int, *, open_browser: bool) -> None:
    """Read the archive in a browser, on this machine only, until you press Ctrl-C.

    Nothing can be changed there; what a crawl writes meanwhile is shown.
    """
    from archive.web import ReadingRoom, Server  # noqa: PLC0415 - Datasette is slow to import, and only this command needs it

    server = Server(ReadingRoom(Home(home)), port)
    click.echo(server.url)
    click.echo(f"morgue: {home} is at the address above; Ctrl-C ends it", err=True)
    if open_browser:
        webbrowser.open(server.url)
    server.run()
