"""docs/client.md: its example runs, its commands are understood, its verbs are all of them."""

import re
import shlex
from pathlib import Path

import pytest

from detente.cli.application import application
from detente.client import AsyncClient, Client
from detente.client.verbs import Verbs

PAGE = (Path(__file__).parents[2] / "docs" / "client.md").read_text()
COMMANDS = re.findall(r"^ {4}(detente .*)$", PAGE.replace("\\\n", " "), re.MULTILINE)


def test_the_examples_run(service, capsys):
    names = {"URL": service.url, "TOKEN": service.token("party", "north")}
    for block in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL):
        exec(compile(block, "docs/client.md", "exec"), names)
    first, second = capsys.readouterr().out.splitlines()
    assert first == "accepted 1"
    assert second.startswith("1 (Message(kind='PartyRegistered'")
    names["client"].close()


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_is_understood(command):
    name, *tokens = shlex.split(command.split(" #")[0])
    assert name == "detente"
    application.parse_args(tokens, exit_on_error=False, print_error=False)


def test_all_verbs_are_on_the_page():
    table = PAGE.split("## Verbs")[1].split("\n- ")[0]
    told = set(re.findall(r"`(\w+)`", table))
    there = {name for name in vars(Verbs) if not name.startswith("_")}
    assert told == there
    for kind in (Client, AsyncClient):
        for name in there:
            assert getattr(kind, name).__doc__


def test_the_patience_is_as_told():
    from detente.client import Patience

    told = Patience()
    assert (told.first, told.most, told.total) == (0.1, 5.0, 30.0)
    assert "0.1 s to 5 s" in PAGE
    assert "After 30 s" in PAGE
