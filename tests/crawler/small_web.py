"""Small webs for the tests of crawls: papers with stories that tell apart, and a bell for requests."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tests.internet import Corpus, Internet
from tests.internet.build import Outlet, Story, news_page, not_found_page, plain_page

_SUBJECTS = ("The ferry", "A baker", "The choir", "Our lighthouse", "The school", "A surveyor", "The market", "An engineer")
_ACTS = ("closed the western gate", "counted the herring", "sang until midnight", "mended the old bell", "asked for a receipt")


def outlet(host: str) -> Outlet:
    return Outlet(host.partition(".")[0].title(), f"https://{host}")


def story(number: int = 1) -> Story:
    """A story that is like no other number's."""
    paragraphs = tuple(
        f"{_SUBJECTS[(number + line) % len(_SUBJECTS)]} of parish {number} {_ACTS[(number * 3 + line) % len(_ACTS)]} on the "
        f"{line + 2}th of the month, and those who saw it in street {number * 7 + line} spoke of nothing else for a week."
        for line in range(6)
    )
    title = f"Parish {number}: {_SUBJECTS[number % len(_SUBJECTS)]} of Street {number * 7} Speaks Up"
    return Story(
        f"/2026/03/{number % 27 + 1:02d}/parish-{number}-speaks-up-in-street-{number * 7}", title, "2026-03-01", paragraphs
    )


def page(host: str, number: int = 1, *, related: tuple[tuple[str, str], ...] = ()) -> str:
    return news_page(outlet(host), story(number), related)


def url(host: str, number: int = 1) -> str:
    return story(number).url(outlet(host))


def publish(corpus: Corpus, host: str, *numbers: int, **how: object) -> list[str]:
    """Live stories of a host whose missing pages are honest 404s; returns their addresses."""
    corpus.host(host, missing=not_found_page(outlet(host)), **how)  # type: ignore[arg-type]
    corpus.live(f"https://{host}/", plain_page(outlet(host), outlet(host).name, "All of today's news."))
    for number in numbers or (1,):
        corpus.live(url(host, number), page(host, number))
    return [url(host, number) for number in numbers or (1,)]


@contextmanager
def bell(net: Internet, part: str) -> Iterator[threading.Event]:
    """An event that is set when an address with this part is asked for: tests wait for it instead of sleeping."""
    event, note = threading.Event(), net.log.note

    def ring(method: str, url: str, *rest: object, **more: object) -> None:
        note(method, url, *rest, **more)  # type: ignore[arg-type]
        if part in url:
            event.set()

    net.log.note = ring  # type: ignore[method-assign]
    try:
        yield event
    finally:
        net.log.note = note  # type: ignore[method-assign]


def asked(net: Internet, part: str, bucket: str | None = None) -> list[str]:
    """The addresses with this part that were asked for."""
    return [record.url for record in net.requests(bucket) if part in record.url]
