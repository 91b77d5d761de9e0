"""A plain text: prose with addresses in it or under it."""

from __future__ import annotations

from archive.clippings.addresses import find_addresses
from archive.clippings.base import Draft
from archive.clippings.prose import headline_of, without_apparatus
from archive.clippings.roles import mentions_of


class Text:
    """Whatever no other reader takes."""

    name = "text"

    def matches(self, name: str, text: str) -> bool:  # noqa: ARG002
        return True

    def read(self, text: str) -> Draft:
        mentions = mentions_of(text, list(find_addresses(text)))
        body = without_apparatus(text, mentions)
        return Draft(tuple(mentions), body, headline_of(body))
