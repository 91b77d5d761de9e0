"""Other readings of a mangled address: the one that lives and shows the article was meant."""

from __future__ import annotations

from archive.repair.climb import Climb, Climbing
from archive.repair.wants import FetchPage, PageAnswer


def cleaned(climb: Climb) -> Climbing:
    """Live addresses only: their captures are the next rung's."""
    for url in climb.addresses[1:]:
        answer = yield FetchPage(url)
        assert isinstance(answer, PageAnswer)
        if not climb.lives(answer):
            continue
        evidence = climb.judge("cleaned", answer.page, answer.final_url, None, same_address=True)
        if evidence and answer.page:
            return climb.live("cleaned", answer.final_url, answer.page, evidence)
    return None
