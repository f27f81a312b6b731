"""``detente file``: file flights with an authority."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from detente.cli.answers import TABLE, Form, print_intents, print_offers
from detente.cli.connection import HERE, Connection
from detente.cli.progress import progress
from detente.cli.text import count, printable
from detente.errors import InputError

if TYPE_CHECKING:
    from detente.authority.notice import OwnIntent
    from detente.client import Client, Filing

__all__ = ["file"]

_REFUSED = 1
_BAD = 2


def file(
    flights: Path,
    /,
    *,
    intent: str | None = None,
    precedence: str = "",
    amend: bool = False,
    party: str | None = None,
    altitude: str | None = None,
    max_gap: str | None = None,
    form: Form = TABLE,
    connection: Connection = HERE,
) -> int:
    """File flights with an authority: each is accepted, or refused.

    Exit code: 0 all are accepted, or wait for their cycle; 1 one is refused;
    2 one could not be filed. The alternatives to a refusal are printed, and
    taken with `detente alternatives INTENT --take ID`.

    Parameters
    ----------
    flights
        Trajectories: GeoJSON, Parquet, GeoParquet, CSV or IGC; or volumes: GeoJSON or F3548.
    intent
        Of several flights, file this one; of one, under this identifier.
    precedence
        The class of all of them, where the file does not say it.
    amend
        Change flights that are filed already.
    party
        Of a file with several parties' flights, file those of this one.
    altitude
        Unit and reference of altitudes that do not say theirs, such as ft:pressure.
    max_gap
        Between two fixes further apart in time than this, such as 60s, assume no position.
    """
    from detente.client import read_filings
    from detente.units import parse_duration

    gap = None if max_gap is None else parse_duration(max_gap, field="max-gap")
    chosen = _chosen(
        read_filings(flights, party=party, altitude=altitude, max_gap=gap), intent, flights
    )
    answers: list[OwnIntent] = []
    bad = 0
    with connection.open() as client, progress("filing") as tell:
        for k, filing in enumerate(chosen):
            answer = _filed(client, filing, precedence, amend, alone=len(chosen) == 1)
            if answer is None:
                bad += 1
            else:
                answers.append(answer)
            if tell is not None:
                tell(k + 1, len(chosen))
    refused = [answer for answer in answers if _is_refused(answer)]
    if not form.write(answers):
        print_intents(answers)
        for answer in refused:
            sys.stdout.write(f"\n{printable(answer.intent)}, instead of what was asked for: ")
            if answer.alternatives is not None:
                print_offers(answer.alternatives)
    if bad:
        sys.stderr.write(f"detente: {count(bad, 'flight')} not filed\n")
        return _BAD
    return _REFUSED if refused else 0


def _chosen(filings: "list[Filing]", intent: str | None, path: Path) -> "list[Filing]":
    if intent is None:
        return filings
    if len(filings) == 1:
        return [filings[0]._replace(intent=intent)]
    found = [filing for filing in filings if filing.intent == intent]
    if not found:
        raise InputError(
            f"no flight {intent!r}", file=str(path), field="intent", mend="name one that is in it"
        )
    return found


def _filed(
    client: "Client", filing: "Filing", precedence: str, amend: bool, *, alone: bool
) -> "OwnIntent | None":
    """File one flight; of several, one that cannot be does not hold up the rest."""
    from detente.client import Problem

    which = filing.precedence or precedence
    try:
        if amend:
            known = client.intent(filing.intent)
            return client.amend(known, filing.extent, precedence=which or known.precedence)
        return client.file(filing.intent, filing.extent, precedence=which)
    except (Problem, InputError) as error:
        passing = isinstance(error, Problem) and error.status in (401, 403, 429, 500, 503)
        if alone or passing:
            raise
        sys.stderr.write(f"detente: {printable(filing.intent)}: {printable(str(error))}\n")
        return None


def _is_refused(answer: "OwnIntent") -> bool:
    """Tell whether what was asked for is not to be flown; of an amendment too."""
    return answer.state.value in ("refused", "held") or bool(answer.because)
