"""A small internet on loopback: real-looking https hosts, an emulator of the Wayback Machine, and faults to switch on.

`with Internet([corpus]) as net:` in a test, `python -m tests.internet` for other processes. Corpora: `corpus` (the
format), `build` (how to write one), `founding` and `paper` (ours).
"""

from tests.internet.build import Corpus
from tests.internet.clock import Clock
from tests.internet.internet import Internet

__all__ = ["Clock", "Corpus", "Internet"]
