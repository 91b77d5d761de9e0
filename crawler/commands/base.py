"""What the commands that act have in common."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any, ClassVar

import click

from archive.cli.base import home_option, json_option
from archive.errors import UsageError


class Span(click.ParamType[timedelta]):
    """A length of time: `90s`, `15m`, `2h`, `1d`."""

    name = "span"
    _UNITS: ClassVar = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """Fails as click does for what is no span above zero."""
        if isinstance(value, timedelta):
            return value
        match = re.fullmatch(r"([0-9]{1,6}(?:\.[0-9]+)?)\s*([smhd])", str(value).strip().lower())
        if not match or not float(match[1]):
            self.fail(f"{value!r} is no span of time: write 90s, 15m, 2h or 1d", param, ctx)
        return timedelta(**{self._UNITS[match[2]]: float(match[1])})


contact_option = click.option(
    "--contact", envvar="MORGUE_CONTACT", default="", help="Address in the user agent (also: MORGUE_CONTACT)."
)
settings_option = click.option("-s", "settings", multiple=True, metavar="NAME=VALUE", help="Any setting of Scrapy or ours.")
verbose_option = click.option("-v", "--verbose", count=True, help="Say more; twice: Scrapy's debug log.")

_Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def acting(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of all commands that fetch."""
    options: tuple[_Decorator, ...] = (
        home_option,
        json_option,
        click.option("--limit", default=0, type=click.IntRange(0), help="Fetch at most this many pages; the rest stays due."),
        click.option("--refresh", is_flag=True, help="Fetch again what was fetched within a day."),
        contact_option,
        settings_option,
        verbose_option,
        click.pass_context,
    )
    for option in reversed(options):
        command = option(command)
    return command


def settings_of(pairs: tuple[str, ...]) -> dict[str, str]:
    """What `-s` gave. Raises UsageError."""
    found = dict(pair.partition("=")[::2] for pair in pairs)
    if bad := [pair for pair in pairs if "=" not in pair]:
        raise UsageError(f"-s {bad[0]}: write NAME=VALUE")
    return found
