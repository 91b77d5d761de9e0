"""What we captured ourselves, from the WARC files: nobody is asked, so it costs nothing.

Mementos that were kept have a public address and come first. A page of our own crawl has none that a document could name:
it stands only when no archive has the page.
"""

from __future__ import annotations

from archive.models import Outcome
from archive.repair.climb import Climb, Climbing
from archive.repair.wants import FindOwn, MementoAnswer
from archive.urls import urlkey

MAX_CAPTURES = 3  # of one address


def kept_mementos(climb: Climb) -> Climbing:
    """Captures that a web archive showed us before."""
    return (yield from _own(climb, public=True))


def own_captures(climb: Climb) -> Climbing:
    """Captures of our own crawls. When an archive could not be asked, it may yet have a public one: nothing is settled."""
    return None if climb.reasons else (yield from _own(climb, public=False))


def _own(climb: Climb, *, public: bool) -> Climbing:
    for url in climb.addresses:
        stamps, seen = {climb.timestamp()}, set[str]()
        for _ in range(MAX_CAPTURES):
            stamp = min(stamps - seen, key=climb.distance, default=None)
            if stamp is None:
                break
            answer = yield FindOwn(url, stamp, public)
            assert isinstance(answer, MementoAnswer)
            memento = answer.memento
            if answer.outcome is not Outcome.FOUND or memento is None:
                _note(climb, url, answer)
                break
            seen |= {stamp, memento.timestamp}
            stamps |= {near for near in (memento.previous, memento.next) if near}
            same = urlkey(memento.original) == urlkey(url)
            evidence = climb.judge("own_capture", answer.page, memento.original, memento, same_address=same)
            if evidence and answer.page:
                return climb.archived("own_capture", url, memento, answer.page, evidence)
    return None


def _note(climb: Climb, url: str, answer: MementoAnswer) -> None:
    """A damaged file is no trouble of an archive's, but is not passed over in silence."""
    if answer.outcome is Outcome.UNKNOWN:
        climb.note("own_capture", url, None, answer.reason or "our capture cannot be read")
