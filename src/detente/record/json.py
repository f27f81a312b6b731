"""Reports as JSON: the structured values themselves."""

from collections.abc import Sequence

import msgspec

from detente.record.report import Report

__all__ = ["json_of"]


def json_of(reports: Sequence[Report]) -> bytes:
    """Write reports as a JSON array, times in ISO 8601; one newline at the end.

    Parameters
    ----------
    reports : of any events, in the order in which they are to stand.
    """
    return (
        msgspec.json.format(msgspec.json.encode(reports, order="deterministic"), indent=2) + b"\n"
    )
