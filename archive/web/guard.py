"""Who may ask, and what a browser may do with the answer. Around everything that is served.

The pages show text from the web and the reader's own archive, and any page in the same browser can send requests to this
machine. So: only names of this machine are answered to (a page that rebinds its own name to 127.0.0.1 is not), only our own
pages may load anything from here (Fetch Metadata, Origin), nothing is changed by a request, and no script runs at all.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})

# Content Security Policy 3, 6: everything that is not named is refused; there is no script in our pages.
POLICY = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",  # a site need not learn what is read here
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


def guarded(app: App) -> App:
    """An ASGI application that answers its own pages only, with the headers above on every answer."""

    async def asgi(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await app(scope, receive, send)

        async def with_headers(message: Message) -> None:
            await send(_covered(message) if message["type"] == "http.response.start" else message)

        refused = objection(scope["method"], dict(scope["headers"]))
        if refused:
            return await _refuse(with_headers, *refused)
        await app(scope, receive, with_headers)
        return None

    return asgi


def objection(method: str, headers: dict[bytes, bytes]) -> tuple[int, str] | None:
    """Why a request is not answered, as status and words; None when it is."""
    host, origin = _text(headers, b"host"), _text(headers, b"origin")
    if method not in ("GET", "HEAD"):
        return 405, "nothing can be changed here: only GET and HEAD are answered"
    if host.rpartition(":")[0] not in HOSTS and host not in HOSTS:
        return 421, "these pages answer to 127.0.0.1 and localhost only"  # RFC 9110, 15.5.20: Misdirected Request
    if origin and origin != f"http://{host}":
        return 403, "another site may not read this archive"
    if _text(headers, b"sec-fetch-site") in ("cross-site", "same-site") and not _is_visit(headers):
        return 403, "another site may not load anything from this archive"
    return None


def _is_visit(headers: dict[bytes, bytes]) -> bool:
    """A link that a person followed: it opens the page in a tab of its own."""
    return _text(headers, b"sec-fetch-mode") == "navigate" and _text(headers, b"sec-fetch-dest") == "document"


def _text(headers: dict[bytes, bytes], name: bytes) -> str:
    return headers.get(name, b"").decode("latin-1").lower()


def _covered(message: Message) -> Message:
    """An answer's head with our headers, which replace others of the same names."""
    kept: Iterable[tuple[bytes, bytes]] = message.get("headers", [])
    ours = {name.encode(): value.encode() for name, value in HEADERS.items()}
    head = [(name, value) for name, value in kept if name.lower() not in ours]
    if not any(name.lower() == b"cache-control" for name, _ in head):
        head.append((b"cache-control", b"no-cache"))  # a crawl may be writing
    return {**message, "headers": [*head, *ours.items()]}


async def _refuse(send: Send, status: int, words: str) -> None:
    head = [(b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": f"morgue: {words}\n".encode()})
