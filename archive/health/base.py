"""What a rule is."""

from __future__ import annotations

from typing import Protocol

from archive.models import Observation, Verdict


class Rule(Protocol):
    """Called by `judge`; looks at one observation and returns a verdict, or None when it has nothing to say."""

    def __call__(self, observation: Observation, /) -> Verdict | None: ...
