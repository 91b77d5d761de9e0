"""Where a page would be now had its site moved as others did. Asked for living only: it costs no archive anything.

Before the index is searched, and after the other links of the run were climbed: what they taught is known by then.
"""

from __future__ import annotations

from archive.repair import rules
from archive.repair.climb import Climb, Climbing
from archive.repair.wants import FetchPage, FindKnown, KnownAnswer, PageAnswer


def moved_alike(climb: Climb) -> Climbing:
    """Rules that were learnt of this site meanwhile, then those that several other sites share."""
    answer = yield FindKnown(climb.url)
    assert isinstance(answer, KnownAnswer)
    guesses = [*rules.moved(climb.url, answer.repairs)[: rules.MAX_ALIKE], *rules.moved_alike(climb.url, answer.elsewhere)]
    for url in dict.fromkeys(guesses):
        page = yield FetchPage(url)
        assert isinstance(page, PageAnswer)
        if climb.lives(page):
            evidence = climb.judge("rule", page.page, page.final_url, None)
            if evidence and page.page:
                return climb.live("rule", page.final_url, page.page, evidence)
    return None
