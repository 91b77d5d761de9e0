"""What `morgue schedule` prints is read back as cron's shell and as systemd read it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.cli.schedule import Plan
from archive.errors import UsageError
from crawler.cli import cli

HOMES = [
    "/srv/morgue",
    "/srv/my news/morgue home",
    "/srv/100%/a'b\"c",
    "/srv/$HOME/`id`;rm *",
    "/srv/Zürich/新聞",
    "/srv/back\\slash",
]


def plan(home: str = "/srv/morgue", minutes: int = 60, contact: str = "") -> Plan:
    return Plan(("/opt/morgue env/bin/morgue",), Path(home), minutes, contact)


@pytest.mark.parametrize("home", HOMES)
@pytest.mark.parametrize("contact", ["", "desk@news.org", "Desk's 100% <a@b.org>"])
def test_cron_starts_what_was_meant(home: str, contact: str) -> None:
    """cron(8) turns `\\%` into `%` and gives the rest to sh; a sh that prints its words in place of running them shows them."""
    [line] = plan(home, contact=contact).cron().splitlines()
    *_, command = line.split(" ", 5)
    assert re.search(r"(?<!\\)%", command) is None
    command = command.replace("\\%", "%")
    command = command.replace(f"mkdir -p {shell(home)} && ", "", 1)
    command = re.sub(r" >> .* 2>&1$", "", command, flags=re.DOTALL)
    environment, command = (command.split(" '/opt/", 1)[0], "'/opt/" + command.split("'/opt/", 1)[1])
    words = subprocess.run(["/bin/sh", "-c", f"printf '%s\\n' {command}"], capture_output=True, text=True, check=True).stdout
    assert words.splitlines() == ["/opt/morgue env/bin/morgue", "crawl", "--max-time", "54m", "--home", home]
    if contact:
        told = subprocess.run(
            ["/bin/sh", "-c", f'{environment}; printf %s "$MORGUE_CONTACT"'], capture_output=True, text=True, check=True
        )
        assert told.stdout == contact


def shell(word: str) -> str:
    import shlex

    return shlex.quote(word)


@pytest.mark.parametrize(
    ("minutes", "cron", "calendar"),
    [
        (15, r"\d+,\d+,\d+,\d+ \* \* \* \*", r"\*-\*-\* \*:\d\d/15:00"),
        (60, r"\d+ \* \* \* \*", r"\*-\*-\* \*:\d\d:00"),
        (360, r"\d+ \*/6 \* \* \*", r"\*-\*-\* 00/6:\d\d:00"),
        (1440, r"\d+ 4 \* \* \*", r"\*-\*-\* 04:\d\d:00"),
    ],
)
def test_times(minutes: int, cron: str, calendar: str) -> None:
    assert re.match(cron + " mkdir", plan(minutes=minutes).cron())
    assert re.search(f"^OnCalendar={calendar}$", plan(minutes=minutes).timer(), re.MULTILINE)


def test_two_homes_do_not_ask_at_the_same_minute() -> None:
    firsts = {plan(f"/srv/morgue-{number}").first for number in range(20)}
    assert len(firsts) > 10
    assert all(0 <= first < 60 for first in firsts)
    assert {plan(f"/srv/morgue-{number}", 15).first for number in range(200)} == set(range(15))


SYSTEMD = shutil.which("systemd-analyze")


@pytest.mark.skipif(SYSTEMD is None, reason="there is no systemd-analyze here")
@pytest.mark.parametrize("home", HOMES)
@pytest.mark.parametrize("minutes", [5, 15, 60, 360, 1440])
def test_systemd_takes_the_units(tmp_path: Path, home: str, minutes: int) -> None:
    made = Plan((sys.executable,), Path(home), minutes, "Desk's 100% <a@b.org>")
    units = {"morgue-test.service": made.service(), "morgue-test.timer": made.timer()}
    for name, text in units.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    done = subprocess.run(
        [str(SYSTEMD), "verify", "--man=no", *(str(tmp_path / name) for name in units)],
        capture_output=True,
        text=True,
        check=False,
    )
    mine = [line for line in done.stderr.splitlines() if "morgue-test" in line]
    assert mine == []
    calendar = re.search("OnCalendar=(.*)", made.timer())
    assert calendar is not None
    assert subprocess.run([str(SYSTEMD), "calendar", calendar[1]], capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(SYSTEMD is None, reason="there is no systemd-analyze here")
def test_systemd_would_refuse_a_broken_unit(tmp_path: Path) -> None:
    """The witness can fail."""
    (tmp_path / "morgue-test.service").write_text(plan().service().replace("ExecStart=", "ExecStrat="), encoding="utf-8")
    done = subprocess.run(
        [str(SYSTEMD), "verify", "--man=no", str(tmp_path / "morgue-test.service")], capture_output=True, text=True, check=False
    )
    assert "morgue-test" in done.stderr


@pytest.mark.parametrize("home", HOMES)
def test_a_unit_names_the_home_as_systemd_reads_it(home: str) -> None:
    [line] = [line for line in plan(home).service().splitlines() if line.startswith("ExecStart=")]
    words = re.findall(r'"((?:[^"\\]|\\.)*)"', line.removeprefix("ExecStart="))
    read = [re.sub(r"\\(.)", r"\1", word).replace("%%", "%").replace("$$", "$") for word in words]
    assert read == ["/opt/morgue env/bin/morgue", "crawl", "--max-time", "54m", "--home", home]


def test_a_line_break_is_refused() -> None:
    for text in (
        lambda: plan("/srv/a\nb").cron(),
        lambda: plan(contact="a\n* * * * * rm").cron(),
        lambda: plan("/srv/a\nb").service(),
    ):
        with pytest.raises(UsageError, match="line break"):
            text()


# -- the command ------------------------------------------------------------------------------------------------------


def ran(*arguments: str) -> str:
    done = CliRunner().invoke(cli, ["schedule", *arguments], env={"MORGUE_CONTACT": "", "MORGUE_HOME": ""})
    assert done.exit_code == 0, done.output
    return done.stdout


def test_the_command_prints_one_line_for_cron(tmp_path: Path) -> None:
    text = ran("--print", "cron", "--every", "30m", "--home", str(tmp_path / "my news"), "--contact", "a@b.org")
    assert text.count("\n") == 1
    assert f"--home '{tmp_path}/my news' >> '{tmp_path}/my news/crawl.log' 2>&1" in text
    assert "MORGUE_CONTACT=a@b.org /" in text
    assert not (tmp_path / "my news").exists()


def test_the_command_prints_two_units_for_systemd(tmp_path: Path) -> None:
    text = ran("--print", "systemd", "--home", str(tmp_path), "--contact", "a@b.org")
    assert text.count("# ~/.config/systemd/user/morgue.") == 2
    assert 'Environment="MORGUE_CONTACT=a@b.org"' in text
    assert "SuccessExitStatus=3 5 7" in text
    files = [json.loads(line) for line in ran("--print", "systemd", "--home", str(tmp_path), "--json").splitlines()]
    assert [file["file"] for file in files] == ["morgue.service", "morgue.timer"]


@pytest.mark.parametrize("every", ["45m", "5h", "1m", "0h", "2d", "soon", "-1h", "1h30m"])
def test_what_cron_cannot_say_is_refused(every: str) -> None:
    done = CliRunner().invoke(cli, ["schedule", "--print", "cron", "--every", every])
    assert isinstance(done.exception, UsageError)
    assert "give 5m, 10m, 15m" in str(done.exception)


def test_the_program_is_named_in_full(tmp_path: Path) -> None:
    command = ran("--print", "cron", "--home", str(tmp_path)).split(" && ")[1]
    assert Path(command.split()[0]).is_absolute()
