"""arquivo.pt, the Portuguese web archive: replay and index by pywb, and a search in the text of old pages, which no other has.

Addresses, parameters and fields as its wiki documents them (arquivo/pwa-technologies, "Arquivo.pt API", read 2026-11-25).
Pages become public a year after their capture, so "none" says little about a young page. Limits: 250 searches, 250 index
questions and 400 replays a minute; who ignores them is locked out for good.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from archive.models import Exchange, Failure, Outcome
from archive.webarchives.answers import Readable, Unreadable, json_of, read, unexpected
from archive.webarchives.base import ArchiveRequest
from archive.webarchives.cdx import capture_of
from archive.webarchives.memento import MementoArchive
from archive.webarchives.texts import TextAnswer, TextHit, TextQuery

ENDPOINT = "https://arquivo.pt"
MAX_ITEMS = 500  # of one answer
MAX_WORDS = 20  # of a query: more narrow nothing down


class Arquivo(MementoArchive):
    """arquivo.pt."""

    def __init__(self) -> None:
        super().__init__(
            name="arquivo",
            replay_at=f"{ENDPOINT}/noFrame/replay/{{timestamp}}id_/{{url}}",
            cdx_at=f"{ENDPOINT}/wayback/cdx",
            view_at=f"{ENDPOINT}/wayback/{{timestamp}}/{{url}}",
        )

    def search_text(self, query: TextQuery) -> ArchiveRequest:
        """One full-text query: one hit an address, since each capture of a page is an item of its own."""
        parameters = {
            "q": words_of(query.text),
            "siteSearch": query.site,
            "from": query.first,
            "to": query.last,
            "type": "html",
            "maxItems": str(min(query.limit, MAX_ITEMS)),
            "dedupField": "url",
            "dedupValue": "1",
            "fields": "title,originalURL,tstamp,mimeType,contentLength",
            "prettyPrint": "false",
        }
        asked = urlencode({name: value for name, value in parameters.items() if value}, quote_via=quote)
        return ArchiveRequest(f"{ENDPOINT}/textsearch?{asked}", self.name, "arquivo-text")

    def read_text(self, answer: Exchange | Failure) -> TextAnswer:
        """What came of a text search. An empty list of items is `none`; anything else that is no list is `unknown`."""
        page = read(answer)
        items = self._items(page) if isinstance(page, Readable) else None
        hits = tuple(hit for item in items or () if (hit := self._hit(item)))
        if hits or items == []:
            return TextAnswer(Outcome.FOUND if hits else Outcome.NONE, hits)
        said = page if isinstance(page, Unreadable) else unexpected(page.exchange)
        return TextAnswer(Outcome.UNKNOWN, reason=said.reason, retry_after=said.retry_after)

    @staticmethod
    def _items(page: Readable) -> list[Any] | None:
        said = json_of(page.body) if page.exchange.status == 200 else None
        items = said.get("response_items") if isinstance(said, Mapping) else None
        return items if isinstance(items, list) else None

    def _hit(self, item: object) -> TextHit | None:
        if not isinstance(item, Mapping):
            return None
        names = {"originalURL": "original", "tstamp": "timestamp", "mimeType": "mimetype", "contentLength": "length"}
        capture = capture_of({ours: item.get(theirs) for theirs, ours in names.items()}, self.name)
        title = item.get("title")
        return TextHit(capture, title if isinstance(title, str) else None) if capture else None


def words_of(text: str) -> str:
    """The words of a title as a query: no quotes and no leading hyphens, which are operators; no addresses, which are a 400."""
    plain = re.sub(r"\b\w+://\S+|[\"“”„«»]", " ", text)
    words = [word.lstrip("-–—") for word in plain.split()]
    return " ".join([word for word in words if re.search(r"\w", word)][:MAX_WORDS])
