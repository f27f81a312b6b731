"""Feed the decoders of the watch with what nobody would send, and see that they hold.

atheris is not one of the project's dependencies: it is put beside them for the time.

    uv venv --python 3.11 /tmp/fuzz && uv pip install --python /tmp/fuzz/bin/python atheris
    PYTHONPATH=src:.:$(echo .venv/lib/python3*/site-packages) \
        nice -n 19 /tmp/fuzz/bin/python scripts/fuzz_decoders.py cat021 --seconds 60

It starts from tests/formats/corpus/NAME, keeps what it finds in out/fuzz/NAME, and ends with the
bytes of the first fault there (crash-..., timeout-..., oom-...), which then go into the corpus.
``--merge`` adds to the corpus what reaches new code, the shortest of it.
"""

import argparse
import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["detente.formats"]):
    from tests.formats.decoding import CORPUS, TARGETS

FOUND = Path("out/fuzz")


def main() -> None:
    """Fuzz one decoder."""
    parser = argparse.ArgumentParser(description="Fuzz one decoder of the watch.")
    parser.add_argument("target", choices=sorted(TARGETS))
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--merge", action="store_true")
    given = parser.parse_args()
    found, corpus = FOUND / given.target, CORPUS / given.target
    found.mkdir(parents=True, exist_ok=True)
    corpus.mkdir(parents=True, exist_ok=True)
    limits = ["-timeout=5", "-rss_limit_mb=4096", f"-artifact_prefix={found}/", "-max_len=2048"]
    work = (
        ["-merge=1", str(corpus), str(found)]
        if given.merge
        else [f"-max_total_time={given.seconds}", str(found), str(corpus)]
    )
    atheris.Setup([sys.argv[0], *limits, *work], TARGETS[given.target])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
