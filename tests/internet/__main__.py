"""Serve corpora until stopped: python -m tests.internet --corpus DIR [--corpus DIR] --env FILE"""

from __future__ import annotations

import argparse
import os
import signal
import threading
from pathlib import Path

from tests.internet.internet import Internet


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, action="append", default=[], help="a folder with web.jsonl; may be repeated")
    parser.add_argument("--env", type=Path, required=True, help="written when ready: KEY=VALUE lines for a client's environment")
    parser.add_argument("--log", type=Path, help="one JSON list a request: time, method, url, status, bucket")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--fault", action="append", default=[], help="see tests/internet/faults.py; may be repeated")
    parser.add_argument("--limits", choices=["real"], help="enforce the real archive's limits")
    options = parser.parse_args()
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    net = Internet(options.corpus, port=options.port, faults=options.fault, limits=options.limits, log_file=options.log)
    with net:
        part = options.env.with_name(options.env.name + ".part")
        part.write_text("".join(f"{name}={value}\n" for name, value in net.env.items()))
        os.replace(part, options.env)
        stop.wait()


if __name__ == "__main__":
    main()
