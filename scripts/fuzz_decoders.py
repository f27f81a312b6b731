"""Feed the decoders of the watch with what nobody would send, and see that they hold.

atheris is not one of the project's dependencies: it is put beside them for the time.

    uv venv --python 3.11 /tmp/fuzz && uv pip install --python /tmp/fuzz/bin/python atheris
    PYTHONPATH=src:.:$(echo .venv/lib/python3*/site-packages) \
        nice -n 19 /tmp/fuzz/bin/python scripts/fuzz_decoders.py cat021 --seconds 60

It starts from tests/formats/corpus/NAME, keeps what it finds in out/fuzz/NAME, and ends with the
bytes of the first fault there (crash-..., timeout-..., oom-...), which then go into the corpus.
``--keep`` adds to the corpus the shortest of what it found that goes ways in the code that
nothing in the corpus goes; for that atheris is not needed.
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

FOUND = Path("out/fuzz")
ROOM = str(Path("src/detente/formats").resolve())
Way = tuple[str, int, int]


def ways(target: Callable[[bytes], None], data: bytes) -> set[Way]:
    """Give each step from a line to a line of the decoders that an input causes."""
    gone: set[Way] = set()

    def enter(frame: FrameType, _: str, __: Any) -> Callable[..., Any] | None:
        name = frame.f_code.co_filename
        if not name.startswith(ROOM):
            return None
        last = 0

        def step(inner: FrameType, event: str, _: Any) -> Callable[..., Any]:
            nonlocal last
            if event == "line":
                gone.add((name, last, inner.f_lineno))
                last = inner.f_lineno
            return step

        return step

    sys.settrace(enter)
    try:
        target(data)
    finally:
        sys.settrace(None)
    return gone


def keep(target: Callable[[bytes], None], found: Path, corpus: Path) -> None:
    """Add to the corpus what goes new ways, the shortest first."""
    known: set[Way] = set()
    for path in sorted(corpus.iterdir()):
        known |= ways(target, path.read_bytes())
    before = len(known)
    kept = 0
    for path in sorted(found.iterdir(), key=lambda path: (path.stat().st_size, path.name)):
        new = ways(target, path.read_bytes()) - known
        if new:
            (corpus / path.name[:12]).write_bytes(path.read_bytes())
            known |= new
            kept += 1
    print(f"{corpus.name}: {kept} kept, {len(known) - before} new ways beside {before}")


def fuzz(name: str, seconds: int, found: Path, corpus: Path) -> None:
    """Fuzz one decoder; this does not come back."""
    import atheris

    with atheris.instrument_imports(include=["detente.formats"]):
        from tests.formats.decoding import TARGETS
    limits = ["-timeout=5", "-rss_limit_mb=4096", "-max_len=2048", f"-max_total_time={seconds}"]
    where = [f"-artifact_prefix={found}/", str(found), str(corpus)]
    atheris.Setup([sys.argv[0], *limits, *where], TARGETS[name])
    atheris.Fuzz()


def main() -> None:
    """Fuzz one decoder, or keep what was found."""
    parser = argparse.ArgumentParser(description="Fuzz one decoder of the watch.")
    parser.add_argument("target", help="a folder of tests/formats/corpus")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--keep", action="store_true")
    given = parser.parse_args()
    found, corpus = FOUND / given.target, Path("tests/formats/corpus") / given.target
    found.mkdir(parents=True, exist_ok=True)
    corpus.mkdir(parents=True, exist_ok=True)
    if given.keep:
        from tests.formats.decoding import TARGETS

        keep(TARGETS[given.target], found, corpus)
    else:
        fuzz(given.target, given.seconds, found, corpus)


if __name__ == "__main__":
    main()
