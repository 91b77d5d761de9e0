"""Scrapy's and Twisted's errors as `Failure`: why no answer came."""

from __future__ import annotations

import re
from collections.abc import Iterator

from OpenSSL import SSL
from scrapy.core.downloader.handlers.http11 import TunnelError
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
)
from service_identity import VerificationError
from twisted.internet.error import ConnectionLost
from twisted.web.client import ResponseFailed

from archive.models import Failure, FailureKind


class Refused(IgnoreRequest):
    """Raised by our middlewares: the request was not sent, and `failure` says why."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.detail)
        self.failure = failure


_KINDS: tuple[tuple[type[BaseException], FailureKind], ...] = (
    (CannotResolveHostError, FailureKind.DNS_UNKNOWN),  # names.why_unresolved tells more
    (DownloadTimeoutError, FailureKind.TIMEOUT),
    (DownloadConnectionRefusedError, FailureKind.REFUSED),
    (DownloadCancelledError, FailureKind.TOO_LARGE),
    (SSL.Error, FailureKind.TLS),
    (VerificationError, FailureKind.TLS),
    (ConnectionLost, FailureKind.RESET),
    (ValueError, FailureKind.PROTOCOL),
)


def failure_of(url: str, error: BaseException) -> Failure:
    """What an exception of the downloader means."""
    if isinstance(error, Refused):
        return error.failure
    if isinstance(error, TunnelError):
        return _tunnel_failure(url, error)
    chain = list(_causes(error))
    # TLS first: a connection that is lost over a bad certificate is a TLS failure.
    for kind in (FailureKind.TLS, *FailureKind):
        for cause in chain:
            if any(isinstance(cause, known) and kind is meant for known, meant in _KINDS):
                return Failure(url, kind, _words(cause))
    return Failure(url, FailureKind.RESET, _words(error))


def _tunnel_failure(url: str, error: TunnelError) -> Failure:
    """A proxy that cannot reach a host says 502 to CONNECT: behind it we see no name server of our own."""
    status = re.search(r"'status': (\d{3})", str(error))  # Scrapy gives it in the message only (2.19)
    if status and status[1] == "502":
        return Failure(url, FailureKind.DNS, "the proxy cannot resolve or reach the host (CONNECT answered 502)")
    said = f"answered {status[1]} to CONNECT" if status else _words(error)
    return Failure(url, FailureKind.REFUSED, f"the proxy refused the connection ({said})")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An exception with everything that led to it, Twisted's lists of reasons included."""
    queue: list[BaseException | None] = [error]
    seen: set[int] = set()
    while queue:
        current = queue.pop(0)
        if current is None or id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        queue += [current.__cause__, current.__context__]
        reasons = current.reasons if isinstance(current, ResponseFailed) else getattr(current, "reasons", None) or []
        queue += [getattr(reason, "value", None) for reason in reasons]


def _words(error: BaseException) -> str:
    text = " ".join(str(error).split())
    return (text or type(error).__name__)[:300]
