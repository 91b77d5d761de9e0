"""The archive as web pages: Datasette on one home, with our routes and templates, on this machine only.

Imported by `morgue serve` alone: Datasette is slow to import.
"""

from __future__ import annotations

from archive.web.plugin import install
from archive.web.room import ReadingRoom
from archive.web.server import Server

__all__ = ["ReadingRoom", "Server"]

install()
