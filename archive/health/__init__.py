"""Is this page alive? Pure rules over one observation, first match wins; `RULES` is their order.

A rule is one function in one small file here and one line in RULES. It returns a Verdict or None ("not mine"). Dead needs
proof: an error, a refusal or a timeout is never dead.
"""

from archive.health.base import Rule
from archive.health.blocked import blocked
from archive.health.failed import failed
from archive.health.gone import gone
from archive.health.moved import moved
from archive.health.parked import parked
from archive.health.paywalled import paywalled
from archive.health.redirected import redirected
from archive.health.section import section
from archive.health.soft404 import soft404
from archive.health.temporary import temporary
from archive.health.walls import walls
from archive.models import Observation, Verdict
from archive.states import State

__all__ = ["RULES", "Rule", "judge"]

RULES: tuple[Rule, ...] = (
    failed,  # no answer came
    parked,  # the domain is no longer the publisher's, whatever status its seller answers with
    blocked,  # a refusal, also when it is dressed as 404 or 503
    gone,  # 404, 410
    temporary,  # 429, 5xx, and what makes no sense
    redirected,  # to the front page, or to an error page
    section,  # to the folder that it was in
    soft404,  # says 200 and "not found"
    walls,  # shows a question, a form, or its own trouble instead of the page
    moved,  # another address, same page as far as one can tell
    paywalled,  # the beginning of a page
)


def judge(observation: Observation) -> Verdict:
    """The health of a page, with the rule that decided and its evidence."""
    for rule in RULES:
        verdict = rule(observation)
        if verdict is not None:
            return verdict
    return Verdict(State.ALIVE, "answered", {"status": observation.hops[-1].status if observation.hops else None})
