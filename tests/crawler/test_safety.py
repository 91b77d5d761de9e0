"""Addresses that must not be asked for: in no spelling, by no detour, and without a connection."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from crawler.middlewares.safety import unsafe
from tests.crawler.conftest import Ended, Morgue
from tests.crawler.small_web import asked, page, publish, url
from tests.internet import Corpus, Internet

_PRIVATE = """
localhost localhost. LOCALHOST intranet printer.local files.internal router.home.arpa nas.localhost
127.0.0.1 127.1 127.000.000.001 2130706433 0x7f000001 0x7f.0.0.1 0177.0.0.1 0 0.0.0.0 255.255.255.255
10.0.0.1 172.16.0.1 172.31.255.254 192.168.1.1 169.254.169.254 100.64.0.1 192.0.2.1 198.18.0.1 224.0.0.1 3232235777
[::1] [::] [0:0:0:0:0:0:0:1] [::ffff:127.0.0.1] [::ffff:7f00:1] [fe80::1] [fc00::1] [fd12:3456::1] [ff02::1]
[64:ff9b::127.0.0.1] [2002:7f00:1::] [2001:db8::1]
"""
PUBLIC = ["www.paper.example", "8.8.8.8", "172.15.0.1", "172.32.0.1", "192.169.0.1", "100.128.0.1", "[2606:4700::1111]"]


@pytest.mark.parametrize("host", _PRIVATE.split())
def test_private_hosts_are_refused_in_every_spelling(host: str) -> None:
    assert unsafe(f"http://{host}/admin"), host
    assert unsafe(f"https://{host}:8080/admin")
    assert unsafe(f"http://{host}/admin", allow_private=True) is None


@pytest.mark.parametrize("host", PUBLIC)
def test_public_hosts_pass(host: str) -> None:
    assert unsafe(f"https://{host}/story") is None


@pytest.mark.parametrize(
    "address",
    ["file:///etc/passwd", "ftp://paper.example/x", "data:text/html,x", "gopher://paper.example/", "javascript:alert(1)", "//x"],
)
def test_only_the_web_is_fetched(address: str) -> None:
    assert unsafe(address, allow_private=True)


@pytest.mark.parametrize("address", ["https://user@paper.example/", "https://user:word@paper.example/"])
def test_addresses_with_credentials_are_refused(address: str) -> None:
    assert unsafe(address)


@dataclass(frozen=True, slots=True)
class Crawl:
    ended: Ended
    told: dict[str, dict[str, Any]]
    net: Internet
    listener: socket.socket


@pytest.fixture(scope="module")
def crawl(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawl]:
    """Pages that send us to a port of this machine that counts who comes."""
    folder = tmp_path_factory.mktemp("safety")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        here = f"http://127.0.0.1:{listener.getsockname()[1]}/2026/03/01/a-long-story-of-the-harbour-100001"
        corpus = Corpus()
        traps = {
            "to-number": here,
            "to-name": here.replace("127.0.0.1", "localhost"),
            "to-short": here.replace("127.0.0.1", "127.1"),
        }
        traps |= {"to-file": "file:///etc/passwd", "to-data": "data:text/html,<h1>x</h1>", "to-ftp": "ftp://127.0.0.1/x"}
        addresses = []
        for name, target in traps.items():
            corpus.live(f"https://{name}.example/old", status=302, location=target)
            addresses.append(f"https://{name}.example/old")
        corpus.live("https://robbed.example/robots.txt", status=302, location=here)
        publish(corpus, "robbed.example")
        publish(corpus, "linking.example")
        links = (("A long story of the harbour", here), ("The same", here.replace("http:", "file:")))
        corpus.live(url("linking.example"), page("linking.example", 1, related=links))
        with Internet([corpus.write(folder / "corpus")]) as net:
            given = [*addresses, url("robbed.example"), url("linking.example"), here, here.replace("127.0.0.1", "localhost")]
            ended = Morgue(folder / "home", net).crawl(*given, "--json", "--related", 2)
            yield Crawl(ended, {told["url"]: told for told in ended.objects}, net, listener)


def test_nobody_came(crawl: Crawl) -> None:
    with pytest.raises(BlockingIOError):
        crawl.listener.accept()
    assert crawl.net.leaks == [], "not by way of the proxy either"
    assert "Traceback" not in crawl.ended.err


def test_a_private_address_is_not_told_to_an_archive(crawl: Crawl) -> None:
    assert not [
        request for request in asked(crawl.net, "web.archive.org/web/") if "/http://127" in request or "localhost" in request
    ]


def test_what_was_asked_for_directly_is_refused_with_a_reason(crawl: Crawl) -> None:
    told = [told for address, told in crawl.told.items() if address.startswith(("http://127", "http://localhost"))]
    assert [(one["verdict"], one["rule"]) for one in told] == [("blocked", "unsafe")] * 2


@pytest.mark.parametrize("name", ["to-number", "to-name", "to-short"])
def test_a_redirect_into_a_private_network_ends_there(crawl: Crawl, name: str) -> None:
    assert crawl.told[f"https://{name}.example/old"]["rule"] == "unsafe"


@pytest.mark.parametrize("name", ["to-file", "to-data", "to-ftp"])
def test_a_redirect_out_of_the_web_is_not_followed(crawl: Crawl, name: str) -> None:
    told = crawl.told[f"https://{name}.example/old"]
    assert (told["verdict"], told["rule"]) == ("unknown", "status_302")


def test_rules_behind_a_private_address_are_no_rules(crawl: Crawl) -> None:
    """Unreachable: the site is left alone."""
    assert crawl.told[url("robbed.example")]["verdict"] != "alive"
    assert asked(crawl.net, "//robbed.example/2026") == []


def test_links_into_private_networks_are_not_followed(crawl: Crawl) -> None:
    assert crawl.told[url("linking.example")]["verdict"] == "alive"


def test_a_certificate_that_nobody_vouches_for_is_no_death(tmp_path: Path) -> None:
    corpus = Corpus()
    addresses = publish(corpus, "paper.example")
    corpus.capture(addresses[0], "20260315120000", page("paper.example"))
    with Internet([corpus.write(tmp_path / "corpus")]) as net:
        net.env = {name: value for name, value in net.env.items() if name.endswith("_PROXY")}
        ended = Morgue(tmp_path / "home", net).crawl(*addresses, "--json")
        assert ended.code == 3
        assert (ended.object["verdict"], ended.object["article"]) == ("unknown", None)
        assert net.requests("live") == net.requests("replay") == net.requests("cdx") == []


def test_no_doors_are_open() -> None:
    """Scrapy's telnet console and remote control run Python for whoever reaches them."""
    from crawler import settings

    assert settings.TELNETCONSOLE_ENABLED is settings.REMOTE_CONTROL_ENABLED is False
    assert settings.DOWNLOAD_VERIFY_CERTIFICATES is True
    assert set(settings.DOWNLOAD_HANDLERS.values()) == {None}
    assert {"file", "data", "ftp", "s3"} <= set(settings.DOWNLOAD_HANDLERS)
