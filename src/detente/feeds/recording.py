"""Recordings: files of what feeds have sent, read as if it came again."""

import re
import zlib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Final

from detente.airspace.sighting import Sighting
from detente.errors import InputError
from detente.feeds.intake import Counts
from detente.formats.decoded import Decoded
from detente.formats.pcap import is_capture
from detente.formats.recording import read_asterix, read_opensky, read_remote_id, read_sbs
from detente.formats.sightings import read_sightings
from detente.formats.source import head, open_binary

__all__ = ["Recording", "kind_of"]

_CHUNK: Final = 65_536
_SBS: Final = re.compile(rb"\s*(?:MSG|SEL|ID|AIR|STA|CLK),")
_JSON: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*\{")
_NAMED: Final = re.compile(rb'"(states|flights)"\s*:')
_CONTROL: Final = bytes(range(9)) + bytes(range(14, 32))


def kind_of(path: Path) -> str:
    """Tell what a file is, by how it begins.

    Returns
    -------
    "sbs", "asterix", "opensky", "remote-id" or "tracks".

    Raises
    ------
    InputError : no such file, or an empty one.
    """
    start = head(path)
    if is_capture(start):
        return "asterix"
    if start.startswith(b"PAR1"):
        return "tracks"
    if _SBS.match(start):
        return "sbs"
    if _JSON.match(start):
        return _kind_of_document(path)
    binary = start.translate(None, delete=_CONTROL) != start
    return "asterix" if binary and int.from_bytes(start[1:3], "big") >= 3 else "tracks"


def _kind_of_document(path: Path) -> str:
    """Tell whose document it is: the name that it has first."""
    with open_binary(path) as stream:
        held = b""
        while piece := stream.read(_CHUNK):
            found = _NAMED.search(held + piece)
            if found is not None:
                return {b"states": "opensky", b"flights": "remote-id"}[found[1]]
            held = piece[-64:]
    raise InputError(
        "neither OpenSky's states nor flights of remote identification", file=str(path),
        mend='give a document with "states" or "flights", or several, one a line',
    )  # fmt: skip


class Recording:
    """One file, read once from its beginning to its end and never held whole.

    Parameters
    ----------
    path : SBS lines, ASTERIX data blocks, a capture of ASTERIX datagrams, documents of OpenSky or
        of remote identification (one, or one a line), or a table of sightings; gzipped or not.
    day : of the first record, where a file of ASTERIX blocks says only the time of day.
    editions : of ASTERIX categories, where they are not the newest.
    utc : the times in SBS lines are UTC; they do not say so.
    altitude : unit and reference of a table's altitudes that do not say theirs.

    Attributes
    ----------
    counts : what was read of it.
    kind : what it is, as :func:`kind_of` says.

    Raises
    ------
    InputError : it cannot be read.
    """

    def __init__(
        self,
        path: Path,
        *,
        day: date | None = None,
        editions: Mapping[int, str] | None = None,
        utc: bool = False,
        altitude: str | None = None,
    ) -> None:
        self.counts = Counts(path.name)
        self.kind = kind_of(path)
        self._decoded: Iterator[Decoded]
        self._path = path
        name = path.name
        if self.kind == "tracks":
            self._decoded = read_sightings(path, source=name, altitude=altitude)
        elif self.kind == "asterix":
            self._decoded = read_asterix(path, source=name, day=day, editions=editions)
        elif self.kind == "sbs":
            self._decoded = read_sbs(path, source=name, utc=utc)
        else:
            read = read_opensky if self.kind == "opensky" else read_remote_id
            self._decoded = read(path, source=name)

    def sightings(self) -> Iterator[Sighting]:
        """Give what was seen, in the order of the recording; once.

        Raises
        ------
        InputError : what cannot be read of it.
        """
        for decoded in self._readable():
            self.counts.refused.update(decoded.refused)
            self.counts.unwanted.update(decoded.unwanted)
            # a document is in the order of aircraft
            yield from sorted(decoded.sightings, key=lambda one: one.time)

    def _readable(self) -> Iterator[Decoded]:
        try:
            yield from self._decoded
        except (OSError, EOFError, zlib.error) as error:
            raise InputError(
                f"cannot be read to its end: {error}", file=str(self._path),
                mend="copy or write it again",
            ) from error  # fmt: skip
