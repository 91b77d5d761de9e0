"""Names that do not resolve: gone, or only unknown? And which addresses a name may stand for. Without any proxy."""

from __future__ import annotations

import socket
from typing import Any
from unittest import mock

import pytest
from twisted.internet.defer import Deferred, succeed
from twisted.internet.error import DNSLookupError

from archive.models import FailureKind
from crawler.names import PublicResolver, is_private, why_unresolved

GONE = ["EAI_NONAME", "EAI_NODATA"]
TROUBLE = ["EAI_AGAIN", "EAI_FAIL", "EAI_MEMORY", "EAI_SYSTEM"]


def failing(error: Exception) -> Any:
    def resolve(name: str, port: int) -> object:
        assert (name, port) == ("www.paper.example", 443)
        raise error

    return resolve


@pytest.mark.parametrize("name", GONE)
def test_a_name_server_that_knows_no_such_name_is_believed(name: str) -> None:
    code = getattr(socket, name, None)
    if code is None:
        pytest.skip(f"this system has no {name}")
    assert why_unresolved("www.paper.example", failing(socket.gaierror(code, "x"))) is FailureKind.DNS


@pytest.mark.parametrize("name", TROUBLE)
def test_trouble_on_the_way_is_no_death(name: str) -> None:
    code = getattr(socket, name, None)
    if code is None:
        pytest.skip(f"this system has no {name}")
    assert why_unresolved("www.paper.example", failing(socket.gaierror(code, "x"))) is FailureKind.DNS_UNKNOWN


@pytest.mark.parametrize("error", [OSError("no network"), UnicodeError("label too long"), TimeoutError()])
def test_a_resolver_that_fails_in_other_ways_says_nothing(error: Exception) -> None:
    assert why_unresolved("www.paper.example", failing(error)) is FailureKind.DNS_UNKNOWN


def test_a_name_that_resolves_this_time_was_trouble() -> None:
    assert why_unresolved("www.paper.example", lambda *_: [()]) is FailureKind.DNS_UNKNOWN


# -- the resolver -----------------------------------------------------------------------------------------------------


def resolved(
    address: str, *, allow_private: bool = False, name: str = "www.paper.example", proxies: dict[str, str] | None = None
) -> Any:
    """What PublicResolver makes of the address that a name has."""
    with (
        mock.patch("crawler.names.getproxies", return_value=proxies or {}),
        mock.patch("scrapy.resolver.CachingThreadedResolver.getHostByName", return_value=succeed(address)),
    ):
        resolver = PublicResolver(mock.Mock(), 0, 1.0, allow_private=allow_private)
        answer: Deferred[str] = resolver.getHostByName(name)
    results: list[Any] = []
    answer.addBoth(results.append)
    return results[0]


def test_a_public_address_passes() -> None:
    assert resolved("93.184.216.34") == "93.184.216.34"


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.7", "169.254.169.254", "::1", "::ffff:10.0.0.1"])
def test_a_public_name_for_a_private_address_does_not(address: str) -> None:
    """Checked on the answer, so that a name cannot be rebound between check and connection."""
    failure = resolved(address)
    assert failure.check(DNSLookupError)
    assert address in str(failure.value)
    assert resolved(address, allow_private=True) == address


def test_the_proxy_of_the_environment_may_be_private() -> None:
    proxies = {"https": "http://proxy.office:3128", "no": "localhost"}
    assert resolved("10.0.0.7", name="proxy.office", proxies=proxies) == "10.0.0.7"
    assert resolved("10.0.0.7", name="other.office", proxies=proxies).check(DNSLookupError)


def test_a_name_that_is_no_address_is_not_private() -> None:
    assert not is_private("www.paper.example")
    assert not is_private("12.ab.example")
