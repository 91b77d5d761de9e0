"""An emulator of the Wayback Machine: replay, CDX index, timemaps, availability, save, and the limits of each."""

from tests.internet.archive_org.index import CaptureIndex, Row
from tests.internet.archive_org.limits import REAL, Limits
from tests.internet.archive_org.machine import HOSTS, Wayback, host_of

__all__ = ["HOSTS", "REAL", "CaptureIndex", "Limits", "Row", "Wayback", "host_of"]
