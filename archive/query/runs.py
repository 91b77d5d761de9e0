"""The runs on a home, newest first."""

from __future__ import annotations

import json
from typing import Any

from archive.schema import Reader, rows


def runs(db: Reader, limit: int) -> list[dict[str, Any]]:
    """The last runs with their counts. `finished` is None for one that is running, or was killed (see `state`)."""
    columns = "id, command, started, finished, state, exit_code, counts"
    found = rows(db, f"SELECT {columns} FROM runs ORDER BY id DESC LIMIT ?", limit)  # noqa: S608
    return [row | {"counts": json.loads(row["counts"])} for row in found]
