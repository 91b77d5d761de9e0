"""Serve corpora until stopped: python -m tests.internet --corpus DIR [--corpus DIR] --env FILE [--log FILE] [--port N]
[--limits real] [--excluded-status 200] [--fault SPEC …]

FILE receives HTTP_PROXY, HTTPS_PROXY, SSL_CERT_FILE and REQUESTS_CA_BUNDLE once the port listens: `set -a; . FILE`.
The log has one JSON array a request: [time, method, url, status, bucket]. SPECs of faults: see tests/internet/faults.py,
e.g. `--fault cdx:429`, `--fault replay:hang`, `--fault host=www.example.test:503*2`.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import signal
import sys
from pathlib import Path

from tests.internet.internet import Internet


def main() -> int:
    options = _options()
    with contextlib.ExitStack() as stack:
        log = stack.enter_context(options.log.open("w", buffering=1, encoding="utf-8")) if options.log else None
        try:
            net = Internet(options.corpus, limits=options.limits, faults=options.fault, port=options.port, log_file=log)
        except (OSError, ValueError) as error:
            print(f"tests.internet: {error}", file=sys.stderr)
            return 2
        net.wayback.excluded_status = options.excluded_status
        asyncio.run(_serve(net, options.env))
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.internet", description=(__doc__ or "").split(":")[0])
    parser.add_argument("--corpus", type=Path, action="append", required=True, help="a folder with web.jsonl")
    parser.add_argument("--env", type=Path, required=True, help="where to write the settings for clients")
    parser.add_argument("--log", type=Path, help="where to write the log of requests")
    parser.add_argument("--port", type=int, default=0, help="loopback port; a free one without it")
    parser.add_argument("--limits", choices=["real"], help="hold clients to the archive's limits")
    parser.add_argument("--excluded-status", type=int, choices=[200, 403], default=403)
    parser.add_argument("--fault", "--faults", nargs="+", action="extend", default=[], metavar="SPEC")
    return parser.parse_args()


async def _serve(net: Internet, env: Path) -> None:
    stopping = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stopping.set)
    async with net.serving():
        _write(env, "".join(f"{name}={value}\n" for name, value in net.env.items()))
        await stopping.wait()


def _write(file: Path, text: str) -> None:
    """Whole or not at all."""
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    draft.write_text(text, encoding="utf-8")
    draft.replace(file)


if __name__ == "__main__":
    sys.exit(main())
