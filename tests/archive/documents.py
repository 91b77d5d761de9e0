"""What the tests of documents share: reading and rewriting strings."""

from __future__ import annotations

from archive.documents import LinkedDocument, Replacement, read, rewrite

NEW = "https://new.example.test/moved"
CAPTURE = "https://web.archive.org/web/20190424101500/"


def links_of(name: str, text: str) -> list[str]:
    """The raw targets."""
    return [link.raw for link in read(name, text.encode()).links]


def document(name: str, text: str) -> LinkedDocument:
    return read(name, text.encode())


def replaced(name: str, text: str, url: str = NEW) -> str:
    """Every link replaced."""
    found = document(name, text)
    return rewrite(found, {link.id: Replacement(url) for link in found.links}).data.decode()


def appended(name: str, text: str, archive_url: str | None = None) -> str:
    """Beside every link its capture; done a second time nothing changes."""
    found = document(name, text)
    decisions = {link.id: Replacement(NEW, archive_url or CAPTURE + link.url, "20190424101500") for link in found.links}
    data = rewrite(found, decisions, "append").data
    again = rewrite(read(name, data), decisions, "append")
    assert again.data == data
    assert again.changed == ()
    return data.decode()


def left(name: str, text: str, style: str, url: str = NEW) -> dict[str, str]:
    found = document(name, text)
    decisions = {link.id: Replacement(url, CAPTURE + link.url) for link in found.links}
    return dict(rewrite(found, decisions, "append" if style == "append" else "replace").left)
