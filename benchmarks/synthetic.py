"""Synthetic days, made once and kept under out/: making them is not what is measured."""

import hashlib
import pickle
import subprocess
import sys
from pathlib import Path

import detente
from detente import Flights

__all__ = ["day", "directory"]


def directory() -> Path:
    """Where measurements keep their inputs."""
    path = Path("out") / "benchmarks"
    path.mkdir(parents=True, exist_ok=True)
    return path


def _source() -> str:
    """Name the simulation that makes them, so that none is kept past a change of it."""
    folder = Path(detente.__file__).parent
    files = [*sorted((folder / "simulate").iterdir()), folder / "airspace" / "flights.py"]
    kept = (file.read_bytes() for file in files if file.is_file())
    return hashlib.sha256(b"".join(kept)).hexdigest()[:12]


def day(flights: int, *, days: int = 1, seed: int = 1) -> Flights:
    """Give the simulated flights, made in a process of its own so that its memory is not ours."""
    path = directory() / f"flights-{flights}-days-{days}-seed-{seed}-{_source()}.pickle"
    if not path.exists():
        subprocess.run(
            [
                sys.executable,
                "-m",
                "benchmarks.synthetic",
                str(flights),
                str(days),
                str(seed),
                path,
            ],
            check=True,
        )
    with path.open("rb") as file:
        made: Flights = pickle.load(file)
    return made


def main() -> None:
    flights, days, seed, path = sys.argv[1:]
    made = detente.simulate_flights(flights=int(flights), days=int(days), seed=int(seed))
    part = Path(path).with_suffix(".part")
    with part.open("wb") as file:
        pickle.dump(made, file, protocol=5)
    part.rename(path)


if __name__ == "__main__":
    main()
