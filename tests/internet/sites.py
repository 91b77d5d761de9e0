"""The live web: pages, robots.txt, missing pages."""

from __future__ import annotations

from tests.internet.corpus import Host, Web
from tests.internet.messages import Answer, Request, normalised_target

_NO_ROBOTS = Answer(404, b"Not found", "text/plain")


class Sites:
    """Answers for every host of the corpora."""

    def __init__(self, web: Web) -> None:
        self._web = web

    def host(self, netloc: str) -> Host | None:
        """None for a host that no corpus speaks of."""
        return self._web.hosts.get(netloc)

    def resolves(self, netloc: str) -> bool:
        host = self.host(netloc)
        return host is not None and host.live

    def answer(self, request: Request) -> Answer:
        page = self._page(request.scheme, request)
        if page is not None:
            return _not_modified(page, request)
        host = self._web.hosts[request.netloc]
        if request.path == "/robots.txt":
            return _NO_ROBOTS if host.robots is None else Answer(200, host.robots.encode(), "text/plain")
        other = "http" if request.scheme == "https" else "https"
        if self._page(other, request) is not None:
            target = f"{other}://{request.netloc}{request.target}"
            return Answer(301, headers=(("Location", target),))
        return host.missing

    def fetch(self, request: Request) -> Answer | None:
        """For the archive's own crawler: None when the name does not resolve."""
        return self.answer(request) if self.resolves(request.netloc) else None

    def _page(self, scheme: str, request: Request) -> Answer | None:
        return self._web.pages.get(f"{scheme}://{request.netloc}{normalised_target(request.target)}")


def _not_modified(page: Answer, request: Request) -> Answer:
    """304 when the client holds this version already (RFC 9110, 13.1)."""
    for validator, condition in (("etag", "if-none-match"), ("last-modified", "if-modified-since")):
        held = request.headers.get(condition)
        kept = tuple((name, value) for name, value in page.headers if name.lower() in ("etag", "last-modified"))
        if held and any(name.lower() == validator and value == held for name, value in kept):
            return Answer(304, type=None, headers=kept)
    return page
