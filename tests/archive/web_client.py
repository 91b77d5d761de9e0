"""Asking the pages without a socket, and reading what they answer."""

from __future__ import annotations

import asyncio
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Self

from archive.home import Home
from archive.web import ReadingRoom


class Client:
    """Datasette's own client on one home: the whole application, guard and all."""

    def __init__(self, folder: Path) -> None:
        self._runner = asyncio.Runner()
        self.room = ReadingRoom(Home(folder))
        self._runner.run(self.room.invoke_startup())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *problem: object) -> None:
        for database in self.room.databases.values():
            database.close()
        self.room.executor.shutdown()
        self._runner.close()

    def get(self, path: str, method: str = "GET", **headers: str) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._runner.run(self.room.client.request(method, path, headers=named))


class Page(HTMLParser):
    """What a page holds, in order: `tags` with their attributes, `links`, and `text` without tags."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self._words: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("td", "th", "li", "p", "option"):
            self._words.append(" ")
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self._words.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self._words).split())

    @property
    def links(self) -> list[str]:
        return [attributes["href"] for tag, attributes in self.tags if tag == "a"]

    def all(self, *names: str) -> list[tuple[str, dict[str, str]]]:
        return [(tag, attributes) for tag, attributes in self.tags if tag in names]
