"""Does a living page still show what the document speaks of? Content drift. Pure."""

from __future__ import annotations

from archive.models import Knowledge, Page, Verdict
from archive.repair.evidence import LACK, TELLING_TEXT, weigh
from archive.repair.words import words
from archive.states import State

FOREIGN_TEXT = 0.1  # share of the known text's word sequences
FOREIGN_TITLE = 0.3


def drifted(known: Knowledge, page: Page, url: str) -> Verdict | None:
    """A verdict when every witness denies it: the document's text and title, and the words of the address; else None.

    A paywall's teaser, a page whose text we cannot read or an anchor such as "read here" is no proof.
    """
    if page.article is None or not (known.text or known.title):
        return None
    found = weigh(known, page, url, same_address=True)
    telling = found.text is not None and len(words(known.text or "")) >= TELLING_TEXT
    denied = [found.text is not None and found.text < FOREIGN_TEXT] if telling else []
    if found.title is not None:
        denied.append(found.title < FOREIGN_TITLE)
    if found.lead is not None:
        denied.append(found.lead < LACK)
    if not denied or not all(denied) or len(denied) < 2 or found.accepted:
        return None
    return Verdict(State.DRIFTED, "shows_another_story", {"title": page.article.title, **found.as_dict()})
