"""When to look again: at a listing, at an article; and whether a source has gone silent. Pure: records in, records out."""

from archive.schedule.intervals import FIRST_INTERVAL, after_failure, next_interval
from archive.schedule.revisits import until_next_look
from archive.schedule.watching import Health, SourceState, Yield, judge_source

__all__ = [
    "FIRST_INTERVAL",
    "Health",
    "SourceState",
    "Yield",
    "after_failure",
    "judge_source",
    "next_interval",
    "until_next_look",
]
