"""The command line: one file per command, and what they show.

The exit code is the answer: 0 separated, 1 conflicts found or left, 2 an input or a usage that
cannot be used. An interrupt gives 130 and a closed pipe 141, as a shell would say it; a fault of
Detente itself gives 70 and not Python's 1, which would read as an answer.

Nothing here imports the engine before a command needs it, so that ``--help`` and a mistyped
option answer at once.
"""

import io
import os
import sys
import traceback
from collections.abc import Sequence

__all__ = ["main"]

_BAD_INPUT = 2
_FAULT = 70
_INTERRUPTED = 130
_CLOSED_PIPE = 141


def main(tokens: Sequence[str] | None = None) -> int:
    """Run the command that the tokens (else ``sys.argv``) name, and give the exit code."""
    from cyclopts import CycloptsError

    from detente.cli.application import application
    from detente.errors import InputError

    if isinstance(sys.stdout, io.TextIOWrapper):
        # A name that the terminal cannot write is escaped, not a reason to fail.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        code = application(sys.argv[1:] if tokens is None else list(tokens))
        sys.stdout.flush()
    except CycloptsError as error:
        command = " ".join(["detente", *(error.command_chain or ())])
        return _refuse(f"{error} See {command} --help.")
    except InputError as error:
        return _refuse(str(error))
    except BrokenPipeError:
        # Nobody reads any more: let Python's own flush at exit write to nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _CLOSED_PIPE
    except OSError as error:
        return _refuse(f"{error.filename or 'the system'}: {error.strerror or error}")
    except KeyboardInterrupt:
        sys.stderr.write("\ninterrupted\n")
        return _INTERRUPTED
    except Exception:
        traceback.print_exc()
        sys.stderr.write("detente: this is a fault of Detente itself, not of the input\n")
        return _FAULT
    return int(code or 0)


def _refuse(line: str) -> int:
    from detente.cli.text import printable

    sys.stderr.write(f"detente: {printable(line)}\n")
    return _BAD_INPUT
