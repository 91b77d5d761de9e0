"""The errors of morgue, each with what its catcher should do.

    MorgueError                    base: message for people, `exit_code` for the shell
    ├── UsageError                 2  the command line or configuration is wrong: say so, change nothing
    ├── DocumentError              3  one input cannot be read: report that input, go on with the rest
    ├── HomeError                  1  the home folder cannot be used
    │   ├── HomeLocked             7  another run holds it: name that process, exit
    │   ├── DiskFull               8  full or read-only: stop fetching, keep what is committed
    │   └── DamagedArchive         9  a file is damaged: name it and the command that checks it
    ├── NothingFound               4  the question was understood and the answer is empty
    └── ArchiveUnavailable         5  a web archive could not be asked: state is saved, run again later

"Never archived" is not an error: it is the outcome `none` of a lookup (models.Outcome).
"""

from __future__ import annotations


class MorgueError(Exception):
    """Something a person can act on; its text says what happened, to what, and what to do next."""

    exit_code = 1


class UsageError(MorgueError):
    """The command line or the configuration is wrong; nothing was changed."""

    exit_code = 2


class DocumentError(MorgueError):
    """One input document cannot be read; the others go on."""

    exit_code = 3

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name = name
        self.reason = reason


class NothingFound(MorgueError):
    """The question was understood and there is no such thing."""

    exit_code = 4


class ArchiveUnavailable(MorgueError):
    """A web archive did not answer, or its budget is spent; ask again after `retry_after` seconds."""

    exit_code = 5

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class HomeError(MorgueError):
    """The home folder cannot be used."""


class HomeLocked(HomeError):
    """Another process is writing to this home folder."""

    exit_code = 7


class DiskFull(HomeError):
    """The disk is full or the folder is read-only; what was committed is safe."""

    exit_code = 8


class DamagedArchive(HomeError):
    """A database or WARC file does not hold what was committed to it."""

    exit_code = 9
