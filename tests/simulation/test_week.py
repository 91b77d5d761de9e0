"""A week of hourly runs, in CI; `make simulate` runs a quarter."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_a_week_of_hourly_runs() -> None:
    command = [sys.executable, "-m", "tests.simulation", "--weeks", "1", "--scale", "0.2"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert "MISSED" not in done.stdout
