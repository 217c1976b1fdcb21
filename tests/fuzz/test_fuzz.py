"""A short run of the fuzzer belongs to the tests; a long one is `python -m tests.fuzz.screen`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def test_the_fuzzer_finds_nothing(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "tests.fuzz.screen",
        "-runs=300",
        "-max_len=4096",
        "-len_control=0",
        "-seed=1",
    ]
    result = subprocess.run(
        command,
        cwd=ROOT,
        env={"PATH": "", "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert result.returncode == 0, result.stderr[-3000:]
