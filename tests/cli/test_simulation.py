from pathlib import Path

import pytest

from tests.cli.conftest import Run


def test_the_same_seed_gives_the_same_bytes(detente: Run, tmp_path: Path) -> None:
    for name, seed in (("a", 7), ("b", 7), ("c", 8)):
        result = detente("simulate", "--flights", 50, "--seed", seed, "--out", f"{name}.parquet")
        assert result.returncode == 0
        assert "50 flights" in result.stdout
    a, b, c = ((tmp_path / f"{name}.parquet").read_bytes() for name in "abc")
    assert a == b != c


def test_what_it_writes_is_read(within: Run) -> None:
    within("simulate", "--flights", 50, "--seed", 7, "--days", 2, "--out", "day.parquet")
    result = within("detect", "day.parquet")
    assert result.returncode in (0, 1)
    assert "day.parquet: 50 flights" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--flights", "0", "--seed", "1", "--out", "x.parquet"), "flights"),
        (("--flights", "5", "--seed", "-1", "--out", "x.parquet"), "seed"),
        (("--flights", "5", "--seed", "1", "--out", "x.txt"), "'.txt'"),
        (("--flights", "5", "--seed", "1", "--out", "none/x.parquet"), "'none'"),
        (("--flights", "5", "--seed", "1"), "--out"),
    ],
)
def test_bad_usage(within: Run, tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    result = within("simulate", *arguments)
    assert result.returncode == 2
    assert said in result.stderr
    assert list(tmp_path.iterdir()) == []
