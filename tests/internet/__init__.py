"""A small internet on loopback: a forward proxy that serves https:// hosts from corpora, and a Wayback Machine.

    with Internet([corpus_folder]) as net:
        subprocess.run(["morgue", "crawl", …], env=os.environ | net.env)

Only the four variables of `net.env` tell it from the real one. docs/testing.md has the corpus format and the faults.
"""

from tests.internet.internet import Internet

__all__ = ["Internet"]
