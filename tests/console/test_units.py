"""The console's own tests, of time, geometry and streams, and its types: with Node."""

import subprocess
import sys
from pathlib import Path

import pytest

BUILD = Path(__file__).parents[2] / "console" / "build.py"


def test_the_console_is_sound():
    if not (BUILD.parent / "node_modules" / ".installed-from").exists():
        pytest.skip("what the console is built with is not installed: make console")
    done = subprocess.run(
        [sys.executable, BUILD, "test"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
