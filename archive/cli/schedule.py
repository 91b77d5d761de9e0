"""`morgue schedule`: a crontab line or systemd units, printed."""

from __future__ import annotations

import re
import shlex
import shutil
import sys
import zlib
from dataclasses import dataclass
from pathlib import Path

import click

from archive.cli.base import home_option, json_option
from archive.errors import UsageError
from archive.terminal import json_line

ENDINGS = (3, 5, 7)
"""Exit codes after which there is nothing to mend: some pages failed, an archive could not be asked, a run was still going on."""

LONGEST = 360  # minutes of a run


@click.command()
@click.option("--print", "form", type=click.Choice(["cron", "systemd"]), required=True, help="What to print.")
@click.option("--every", default="1h", show_default=True, metavar="TIME", help="15m, 1h, 6h, 1d: a part of an hour or a day.")
@click.option("--contact", envvar="MORGUE_CONTACT", default="", help="Address in the user agent (also: MORGUE_CONTACT).")
@home_option
@json_option
def schedule(form: str, every: str, contact: str, home: Path, *, as_json: bool) -> None:
    """Print what makes cron or systemd start `morgue crawl` regularly. Installs nothing.

    The minute is chosen by the home's name, so that not all the world asks at the full hour.
    """
    plan = Plan(_program(), home.absolute(), _every(every), contact)
    files = {"crontab": plan.cron()} if form == "cron" else {"morgue.service": plan.service(), "morgue.timer": plan.timer()}
    for name, text in files.items():
        if as_json:
            click.echo(json_line({"file": name, "text": text}))
        elif form == "cron":
            click.echo(text, nl=False)
        else:
            click.echo(f"# ~/.config/systemd/user/{name}\n{text}")


def _program() -> tuple[str, ...]:
    """How this morgue is started, from anywhere."""
    beside = Path(sys.executable).with_name("morgue")
    found = str(beside) if beside.is_file() else shutil.which("morgue")
    return (found,) if found else (sys.executable, "-c", "from crawler.cli import main; main()")


def _every(text: str) -> int:
    """Minutes. Raises UsageError for what cron cannot say: 45 minutes do not part an hour."""
    match = re.fullmatch(r"([1-9][0-9]{0,3})(m|min|h|d)", text.strip().lower())
    minutes = int(match[1]) * {"m": 1, "h": 60, "d": 1440}[match[2][0]] if match else 0
    fits = minutes >= 5 and ((minutes < 60 and 60 % minutes == 0) or (minutes % 60 == 0 and 1440 % minutes == 0))
    if not fits:
        raise UsageError(f"--every {text}: give 5m, 10m, 15m, 20m, 30m, 1h, 2h, 3h, 4h, 6h, 8h, 12h or 1d")
    return minutes


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be started, on which home, and every how many minutes."""

    program: tuple[str, ...]
    home: Path
    minutes: int
    contact: str

    @property
    def first(self) -> int:
        """The minute of the hour, or the first one of it."""
        return zlib.crc32(str(self.home).encode("utf-8", "surrogateescape")) % min(self.minutes, 60)

    @property
    def _command(self) -> list[str]:
        """Ends before the next one begins; what is left then stays due."""
        return [*self.program, "crawl", "--max-time", f"{min(self.minutes * 9 // 10, LONGEST)}m", "--home", str(self.home)]

    def cron(self) -> str:
        """A line of crontab(5): `%` is a line's end there, unless it has a backslash."""
        self._refuse("\n")
        given = [f"MORGUE_CONTACT={shlex.quote(self.contact)}"] if self.contact else []
        command = " ".join([*given, *map(shlex.quote, self._command), ">>", shlex.quote(str(self.home / "crawl.log")), "2>&1"])
        made = f"mkdir -p {shlex.quote(str(self.home))} && "
        return f"{self._cron_time()} {(made + command).replace('%', chr(92) + '%')}\n"

    def _cron_time(self) -> str:
        if self.minutes < 60:
            return f"{','.join(map(str, range(self.first, 60, self.minutes)))} * * * *"
        hours = self.minutes // 60
        return f"{self.first} {'*' if hours == 1 else f'*/{hours}' if hours < 24 else '4'} * * *"

    def service(self) -> str:
        """systemd.service(5). SIGINT lets what is under way end, and the next run goes on."""
        self._refuse("\n")
        contact = f"Environment={_quoted(f'MORGUE_CONTACT={self.contact}')}\n" if self.contact else ""
        return (
            "[Unit]\nDescription=morgue: fetch the news that is due\n\n"
            f"[Service]\nType=oneshot\n{contact}"
            f"ExecStart={' '.join(_quoted(word).replace('$', '$$') for word in self._command)}\n"
            f"SuccessExitStatus={' '.join(map(str, ENDINGS))}\n"
            "KillSignal=SIGINT\nTimeoutStopSec=60\nNice=10\nNoNewPrivileges=yes\n"
        )

    def timer(self) -> str:
        """systemd.timer(5): what was missed while the machine was off is made up for."""
        return (
            "[Unit]\nDescription=Start morgue regularly\n\n"
            f"[Timer]\nOnCalendar={self._calendar()}\nPersistent=true\nAccuracySec=1min\n\n"
            "[Install]\nWantedBy=timers.target\n"
        )

    def _calendar(self) -> str:
        """systemd.time(7)."""
        if self.minutes < 60:
            return f"*-*-* *:{self.first:02d}/{self.minutes}:00"
        hours = self.minutes // 60
        return f"*-*-* {'*' if hours == 1 else f'00/{hours}' if hours < 24 else '04'}:{self.first:02d}:00"

    def _refuse(self, signs: str) -> None:
        if any(sign in word for sign in signs for word in (*self._command, self.contact)):
            raise UsageError("a name with a line break in it cannot stand in a crontab or a unit: give another --home DIR")


def _quoted(word: str) -> str:
    """A word as systemd reads it back (systemd.syntax(7), "Quoting"): `%` begins a specifier."""
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%") + '"'
