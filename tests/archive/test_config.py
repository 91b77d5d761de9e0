"""`morgue.toml`: read into records, or refused with the file, the key and what is wrong."""

from __future__ import annotations

import pytest

from archive.budgets import Limit
from archive.config import ArchiveSettings, Config, read_config
from archive.config.archives import REQUESTS, SECONDS
from archive.errors import UsageError
from archive.webarchives import IndexQuery
from archive.webarchives.memento import MementoArchive

WHOLE = """
[[archives]]
name = "lib"
replay = "https://lib.example/coll/{timestamp}id_/{url}"
cdx = "https://lib.example/coll/cdx"
requests = 10
seconds = 2.5

[[archives]]
name = "gate-2"
replay = "http://gate.example:8080/timegate/{url}"
timemap = "http://gate.example:8080/timemap/link/{url}"
"""


def test_archives_in_the_order_of_the_file() -> None:
    first, second = read_config(WHOLE, "morgue.toml").archives
    assert first == ArchiveSettings(
        "lib", "https://lib.example/coll/{timestamp}id_/{url}", "https://lib.example/coll/cdx", None, 10, 2.5
    )
    assert second.timemap == "http://gate.example:8080/timemap/link/{url}"
    assert (second.cdx, second.requests, second.seconds) == (None, REQUESTS, SECONDS)


def test_settings_make_an_archive() -> None:
    settings = read_config(WHOLE, "morgue.toml").archives[0]
    archive = MementoArchive(settings.name, settings.replay, settings.cdx, settings.timemap)
    assert archive.replay("https://a.example/x", "2019").url == "https://lib.example/coll/2019id_/https://a.example/x"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", ["wayback"]),
        ('archives = ["wayback"]', ["wayback"]),
        ('archives = ["commoncrawl", "arquivo"]', ["wayback", "arquivo", "commoncrawl"]),
        ('[[archives]]\nname = "arquivo"\n' + WHOLE, ["wayback", "arquivo", "lib", "gate-2"]),
    ],
)
def test_which_archives_are_asked(text: str, names: list[str]) -> None:
    assert [archive.name for archive in read_config(text, "morgue.toml").web_archives()] == names


def test_every_service_that_is_asked_has_a_budget() -> None:
    config = read_config('[[archives]]\nname = "arquivo"\n[[archives]]\nname = "commoncrawl"\n' + WHOLE, "morgue.toml")
    limits = config.limits()
    for archive in config.web_archives():
        assert archive.replay("https://a.example/x", "20190101000000").service in limits
        assert archive.search(IndexQuery("https://a.example/x")).service in limits
    assert limits["lib-cdx"] == limits["lib-replay"] == Limit(10, 2.5, 1)
    assert config.hosts() == ("lib.example", "gate.example")


@pytest.mark.parametrize("text", ["", "# nothing\n", "archives = []\n"])
def test_nothing_set(text: str) -> None:
    assert read_config(text, "morgue.toml") == Config()


def entry(**values: str) -> str:
    set_ = {"name": '"lib"', "replay": '"https://lib.example/{timestamp}id_/{url}"'} | values
    return "[[archives]]\n" + "".join(f"{key} = {value}\n" for key, value in set_.items() if value)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("archives = 3", "[[archives]]"),
        ("archives = [1]", "[[archives]]"),
        ("[archives]\nname = 'x'", "[[archives]]"),
        ('archives = ["archive.today"]', "'archive.today' is not built in"),
        ('archives = ["arquivo", "arquivo"]', "two archives are called 'arquivo'"),
        ("colour = 1", "colour"),
        ("[[archives", "TOML"),
        (entry(cxd='"https://lib.example/cdx"'), "archives[1].cxd"),
        (entry(name=""), "archives[1].name: is missing"),
        (entry(name="3"), "archives[1].name: must be a text"),
        (entry(name='"Lib !"'), "archives[1].name"),
        (entry(name='"wayback"'), "is built in"),
        (entry() + entry(), "two archives are called 'lib'"),
        (entry(replay=""), "archives[1].replay: is missing"),
        (entry(replay='"https://lib.example/"'), "where the address goes: {url}"),
        (entry(replay='"https://lib.example/{url}/x"'), "at its end"),
        (entry(replay='"https://lib.example/{time}/{url}"'), "{time}"),
        (entry(replay='"https://lib.example/{url}{url}"'), "{url}"),
        (entry(replay='"https://{timestamp}/{url}"'), "https://host/"),
        (entry(replay='"ftp://lib.example/{url}"'), "https://host/"),
        (entry(replay='"lib.example/{url}"'), "https://host/"),
        (entry(replay='"https://[x/{url}"'), "https://host/"),
        (entry(replay='"https://a:b@lib.example/{url}"'), "password"),
        (entry(cdx='"https://lib.example/{url}"'), "archives[1].cdx"),
        (entry(timemap='"https://lib.example/{timestamp}/{url}"'), "archives[1].timemap"),
        (entry(requests="0"), "archives[1].requests"),
        (entry(requests="1.5"), "whole number"),
        (entry(requests="true"), "archives[1].requests"),
        (entry(seconds='"1"'), "archives[1].seconds"),
        (entry(seconds="nan"), "archives[1].seconds"),
        (entry(seconds="inf"), "archives[1].seconds"),
    ],
)
def test_what_is_wrong_is_named(text: str, named: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_config(text, "home/morgue.toml")
    assert "home/morgue.toml" in str(caught.value)
    assert named in str(caught.value)
    assert caught.value.exit_code == 2
