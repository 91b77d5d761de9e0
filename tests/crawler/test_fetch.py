"""Redirects hop by hop, waits that servers ask for, rules of robots.txt: read from answers, without a network."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from scrapy import Request
from scrapy.http import Response

from archive.models import Exchange, Failure, FailureKind
from crawler.fetch import MAX_REDIRECTS, Fetcher, Interrupted, redirect_target, wait_asked
from crawler.middlewares.robots import MAX_BYTES, MAX_DELAY, rules_of
from crawler.visitor import pause_of

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
HERE = "https://paper.example/a/b"


def answer(status: int, *headers: tuple[str, str], body: bytes = b"", truncated: str | None = None) -> Exchange:
    return Exchange(HERE, (), status, headers, body, NOW, truncated)


TARGETS = [
    ("/c", "https://paper.example/c"),
    ("c", "https://paper.example/a/c"),
    ("//other.example/c", "https://other.example/c"),
    (" https://other.example/c#part ", "https://other.example/c"),
    ("/m\xc3\xbcll", "https://paper.example/m%C3%BCll"),  # UTF-8, read as latin-1 from the wire
    ("/m\xfcll", "https://paper.example/m%C3%BCll"),  # latin-1 indeed
    ("file:///etc/passwd", None),
    ("javascript:alert(1)", None),
    ("https://[::1", None),
    ("https://other.example:99999/", None),
    ("", None),
]


@pytest.mark.parametrize(("location", "target"), TARGETS)
def test_where_a_redirect_leads(location: str, target: str | None) -> None:
    assert redirect_target(answer(302, ("Location", location))) == target


@pytest.mark.parametrize("status", [200, 201, 300, 304, 404])
def test_other_answers_lead_nowhere(status: int) -> None:
    assert redirect_target(answer(status, ("Location", "/c"))) is None


# -- waiting ----------------------------------------------------------------------------------------------------------

LATER = format_datetime(NOW + timedelta(minutes=5), usegmt=True)
BEFORE = format_datetime(NOW - timedelta(minutes=5), usegmt=True)
WAITS = [("120", 120.0), (" 7 ", 7.0), (LATER, 300.0), (BEFORE, None), ("0", None), ("-3", None), ("soon", None), ("", None),
         ("999999999", 86400.0), ("١٢", None)]  # fmt: skip


@pytest.mark.parametrize(("value", "seconds"), WAITS)
def test_retry_after_is_a_number_or_a_date(value: str, seconds: float | None) -> None:
    assert wait_asked(answer(503, ("Retry-After", value))) == seconds


def test_a_failure_keeps_the_wait_that_it_came_with() -> None:
    assert wait_asked(Failure(HERE, FailureKind.PROTOCOL, "robots.txt: answered 429", 30.0)) == 30.0
    assert wait_asked(Failure(HERE, FailureKind.RESET, "x")) is None


def test_a_form_is_sent_as_it_is() -> None:
    """Its address keeps the note to ourselves, which Scrapy does not send."""
    sent: list[Request] = []

    async def download(request: Request) -> Response:
        sent.append(request)
        return Response(request.url, body=b"ok", request=request)

    form = Fetcher(download, lambda: NOW).get(f"{HERE}#note", (("X-Key", "k"),), method="POST", body=b"url=x", download_timeout=5)
    exchange = asyncio.run(form)
    assert isinstance(exchange, Exchange)
    assert exchange.url == f"{HERE}#note"
    (request,) = sent
    assert (request.method, request.body, request.headers["X-Key"]) == ("POST", b"url=x", b"k")
    assert request.meta["download_timeout"] == 5


# -- walking ----------------------------------------------------------------------------------------------------------

Server = Callable[[str], Response]


def fetcher(server: Server) -> Fetcher:
    async def download(request: Request) -> Response:
        return server(request.url).replace(request=request)

    return Fetcher(download, lambda: NOW)


def to(location: str) -> Response:
    return Response("https://x/", status=302, headers={"Location": location})


def test_each_hop_is_kept() -> None:
    pages = {
        HERE: to("/1"),
        "https://paper.example/1": to("/2"),
        "https://paper.example/2": Response("https://x/", body=b"story"),
    }
    walk = asyncio.run(fetcher(pages.__getitem__).walk(HERE))
    assert [hop.url for hop in walk.hops] == [HERE, "https://paper.example/1", "https://paper.example/2"]
    assert walk.last is not None
    assert walk.last.body == b"story"
    assert walk.failure is None


@pytest.mark.parametrize("server", [lambda url: to(HERE), lambda url: to(f"{url}1")], ids=["to itself", "for ever"])
def test_redirects_without_an_end_end(server: Server) -> None:
    walk = asyncio.run(fetcher(server).walk(HERE))
    assert walk.failure is not None
    assert walk.failure.kind is FailureKind.REDIRECT_LOOP
    assert 1 <= len(walk.exchanges) <= MAX_REDIRECTS + 1


def test_an_error_on_the_way_is_the_walks_failure() -> None:
    def server(url: str) -> Response:
        if url == HERE:
            return to("/1")
        raise TimeoutError("silent")

    walk = asyncio.run(fetcher(server).walk(HERE))
    assert len(walk.exchanges) == 1
    assert walk.failure is not None
    assert walk.failure.url == "https://paper.example/1"
    assert walk.last is None


def test_an_interruption_is_no_answer() -> None:
    def server(url: str) -> Response:
        raise Interrupted

    with pytest.raises(Interrupted):
        asyncio.run(fetcher(server).walk(HERE))


def test_half_an_answer_is_not_followed() -> None:
    cut = Response("https://x/", status=302, headers={"Location": "/1"}, flags=["dataloss"])
    walk = asyncio.run(fetcher(lambda url: cut).walk(HERE))
    assert walk.exchanges[0].truncated == "disconnect"
    assert walk.failure is not None
    assert walk.failure.kind is FailureKind.RESET


# -- hosts that ask to be left alone ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "seconds"),
    [
        (answer(429), 60.0),
        (answer(429, ("Retry-After", "5")), 5.0),
        (answer(503, ("Retry-After", "5")), 5.0),
        (answer(503), None),
        (answer(200, ("Retry-After", "5")), None),
        (answer(404, ("Retry-After", "5")), None),
    ],
)
def test_which_answers_pause_a_host(reply: Exchange, seconds: float | None) -> None:
    walk = asyncio.run(fetcher(Response).follow(HERE, reply))
    assert pause_of(walk) == seconds


def test_a_robots_txt_may_ask_for_it_too() -> None:
    refused = Failure(HERE, FailureKind.PROTOCOL, "robots.txt: answered 429", 30.0)
    walk = asyncio.run(fetcher(Response).follow(HERE, refused))
    assert pause_of(walk) == 30.0


# -- robots.txt -------------------------------------------------------------------------------------------------------

RULES = b"User-agent: *\nDisallow: /private\nCrawl-delay: 3\n"


@pytest.mark.parametrize("status", [200, 206])
def test_rules_are_obeyed(status: int) -> None:
    rules = rules_of(answer(status, body=RULES))
    assert rules.parser is not None
    assert not rules.parser.can_fetch("https://paper.example/private/a", "morgue")
    assert rules.parser.can_fetch("https://paper.example/public", "morgue")
    assert rules.delay("morgue") == 3.0


@pytest.mark.parametrize(
    "reply",
    [
        answer(200, ("Content-Encoding", "gzip"), body=gzip.compress(RULES)),
        answer(200, body=b"\xef\xbb\xbf" + RULES),
        answer(200, body=RULES.decode().encode("utf-16")),
        answer(200, body=RULES.replace(b"\n", b"\r\n")),
        answer(200, body=RULES.replace(b"Disallow", b"\0Disallow")),
        answer(200, body=RULES + b"# filler\n" * (MAX_BYTES // 4)),
    ],
    ids=["gzip", "BOM", "UTF-16", "CRLF", "NUL", "long"],
)
def test_rules_are_read_in_whatever_form_they_come(reply: Exchange) -> None:
    rules = rules_of(reply)
    assert rules.parser is not None
    assert not rules.parser.can_fetch("https://paper.example/private/a", "morgue")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 301, 304])
def test_no_rules_allow_all(status: int) -> None:
    rules = rules_of(answer(status))
    assert rules.parser is rules.failure is None


@pytest.mark.parametrize(
    "reply",
    [
        answer(500),
        answer(503),
        answer(599),
        answer(429),
        answer(200, body=RULES, truncated="disconnect"),
        answer(200, ("Content-Encoding", "gzip"), body=gzip.compress(RULES)[:-9]),
        answer(200, ("Content-Encoding", "zip"), body=RULES),
        Failure(HERE, FailureKind.TIMEOUT, "silent"),
        Failure(HERE, FailureKind.TLS, "expired"),
        Failure(HERE, FailureKind.UNSAFE, "redirected into a private network"),
    ],
)
def test_a_site_that_cannot_tell_is_disallowed(reply: Exchange | Failure) -> None:
    assert rules_of(reply).failure is not None


def test_how_long_an_answer_stands() -> None:
    assert rules_of(answer(404)).lifetime == 86400.0
    assert rules_of(answer(500)).lifetime < 5.0, "less than the frontier waits before it tries again"
    assert rules_of(answer(503, ("Retry-After", "600"))).lifetime == 600.0


@pytest.mark.parametrize(("said", "delay"), [(b"86400", MAX_DELAY), (b"0.5", 0.5), (b"-1", 0.0), (b"soon", 0.0), (b"nan", 0.0)])
def test_a_crawl_delay_that_makes_no_sense_is_bounded(said: bytes, delay: float) -> None:
    assert rules_of(answer(200, body=b"User-agent: *\nCrawl-delay: " + said)).delay("morgue") == delay
