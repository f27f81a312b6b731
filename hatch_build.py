"""Hatchling's hook: a wheel and an sdist have the console in them, built from its sources.

An editable install leaves it to ``make console``, so that it needs no network of npm's. A wheel
has the scenarios too, which stand at the root to be read; an editable install finds them there.
"""

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class PackingHook(BuildHookInterface[Any]):
    """Builds the console before it is packed, and packs the scenarios."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Ask for Node where the system has none and something is to be built."""
        console = _console(self.root)
        if console is None or console.is_built() or console.has_node():
            return []
        return [console.NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build it, unless it is there; from an sdist it always is."""
        if self.target_name == "wheel" and version != "editable":
            build_data["force_include"]["scenarios"] = "detente/scenarios"
        console = _console(self.root)
        if version != "editable" and console is not None and not console.is_built():
            console.build()


def _console(root: str) -> ModuleType | None:
    """Load how the console is built; None where there are no sources of it."""
    path = Path(root) / "console" / "build.py"
    if not path.exists():
        return None
    spec = importlib.util.spec_from_file_location("console_build", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
