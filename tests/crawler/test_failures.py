"""Each error of the downloader, Scrapy's own of 2.19 and what lies beneath them, has one meaning."""

from __future__ import annotations

import pytest
from OpenSSL import SSL
from scrapy.core.downloader.handlers.http11 import TunnelError
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from service_identity import VerificationError
from twisted.internet.error import ConnectionDone, ConnectionLost
from twisted.python.failure import Failure as TwistedFailure
from twisted.web.client import ResponseFailed, ResponseNeverReceived

from archive.models import Failure, FailureKind
from crawler.failures import Refused, failure_of

URL = "https://paper.example/a"


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


def failed(*reasons: Exception) -> Exception:
    """As Scrapy raises it: Twisted's list of reasons under its own exception."""
    return caused(DownloadFailedError("failed"), ResponseNeverReceived([TwistedFailure(reason) for reason in reasons]))


MEANINGS = [
    (CannotResolveHostError("no results for hostname lookup"), FailureKind.DNS_UNKNOWN),
    (DownloadTimeoutError("took longer than 60 seconds"), FailureKind.TIMEOUT),
    (DownloadConnectionRefusedError("Connection refused"), FailureKind.REFUSED),
    (DownloadCancelledError("larger than download max size"), FailureKind.TOO_LARGE),
    (failed(ConnectionLost("in a non-clean fashion")), FailureKind.RESET),
    (failed(ConnectionDone("cleanly")), FailureKind.RESET),
    (failed(SSL.Error([("SSL routines", "", "certificate verify failed")])), FailureKind.TLS),
    (failed(ConnectionLost("lost"), SSL.Error([])), FailureKind.TLS),
    (failed(VerificationError(errors=[])), FailureKind.TLS),
    (failed(ValueError("not enough values to unpack")), FailureKind.PROTOCOL),
    (caused(DownloadFailedError("x"), ResponseFailed([TwistedFailure(ConnectionLost())])), FailureKind.RESET),
    (ResponseDataLossError("cut"), FailureKind.RESET),
    (DownloadFailedError("who knows"), FailureKind.RESET),
    (UnsupportedURLSchemeError("gopher"), FailureKind.RESET),
    (IgnoreRequest("somebody's middleware"), FailureKind.RESET),
    (RuntimeError("whatever"), FailureKind.RESET),
    (
        TunnelError("Could not open CONNECT tunnel with proxy 127.0.0.1:80 [{'status': 502, 'reason': b'Bad Gateway'}]"),
        FailureKind.DNS,
    ),
    (
        TunnelError("Could not open CONNECT tunnel with proxy 127.0.0.1:502 [{'status': 503, 'reason': b'x'}]"),
        FailureKind.REFUSED,
    ),
    (TunnelError("Could not open CONNECT tunnel with proxy p:80 [{'status': 407, 'reason': b'502'}]"), FailureKind.REFUSED),
    (TunnelError("Could not open CONNECT tunnel with proxy p:80 [b'502 nonsense']"), FailureKind.REFUSED),
]


@pytest.mark.parametrize(("error", "kind"), MEANINGS, ids=lambda value: str(value)[:60])
def test_each_error_has_its_kind(error: Exception, kind: FailureKind) -> None:
    failure = failure_of(URL, error)
    assert (failure.url, failure.kind) == (URL, kind)
    assert failure.detail
    assert "\n" not in failure.detail


def test_what_we_refused_ourselves_comes_back_unchanged() -> None:
    told = Failure(URL, FailureKind.ROBOTS, "not allowed", 7.0)
    assert failure_of(URL, Refused(told)) is told


def test_causes_in_a_circle_end() -> None:
    one, other = RuntimeError("one"), RuntimeError("other")
    one.__cause__, other.__cause__ = other, one
    assert failure_of(URL, one).kind is FailureKind.RESET


def test_no_text_of_a_server_makes_a_long_line() -> None:
    assert len(failure_of(URL, RuntimeError("x" * 5000)).detail) <= 300
