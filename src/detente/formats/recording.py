"""Recorded feeds: the bytes that a feed brought, kept in a file."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from detente.errors import InputError
from detente.formats.asterix import AsterixDecoder
from detente.formats.decoded import Decoded, Decoder
from detente.formats.opensky import OpenSkyDecoder
from detente.formats.pcap import is_capture, read_pcap
from detente.formats.remote_id import RemoteIdDecoder
from detente.formats.sbs import SbsDecoder
from detente.formats.source import head, open_binary

__all__ = ["read_asterix", "read_opensky", "read_remote_id", "read_sbs"]

_PIECE = 1 << 16
_LARGEST_DOCUMENT = 64 << 20


def read_asterix(
    path: Path,
    *,
    source: str,
    day: date | None = None,
    editions: Mapping[int, str] | None = None,
    port: int | None = None,
) -> Iterator[Decoded]:
    """Read recorded ASTERIX: data blocks one after the other, or a capture (pcap, pcapng).

    Parameters
    ----------
    path : the file, also gzipped.
    source : the feed's name.
    day : of the first record, in UTC; needed where the file is no capture, for ASTERIX has only
        times of day.
    editions : category to edition, where it is not the newest.
    port : of a capture, only what went there.

    Raises
    ------
    InputError : no such file, no day, a file that is neither, or an edition not known.
    """
    start = head(path, 4)
    if is_capture(start):
        yield from _captured(path, AsterixDecoder(source, editions=editions), port)
        return
    if day is None:
        raise InputError(
            "a recording without its day",
            file=str(path),
            field="day",
            mend="say on which day (UTC) it begins, as 2026-07-01",
        )
    decoder = AsterixDecoder(source, editions=editions, day=day)
    at = 0
    with open_binary(path) as stream:
        while header := stream.read(3):
            size = int.from_bytes(header[1:], "big")
            if len(header) == 3 and size < 3:
                raise InputError(
                    f"no data block of ASTERIX at byte {at}",
                    file=str(path),
                    mend="give data blocks one after the other, or a capture",
                )
            # the last one may be cut short: that is counted
            yield decoder.decode(header + stream.read(max(0, size - 3)), 0)
            at += size


def read_sbs(
    path: Path, *, source: str, utc: bool = False, port: int | None = None
) -> Iterator[Decoded]:
    """Read recorded BaseStation lines: text, or a capture of lines sent by UDP.

    Parameters
    ----------
    path : the file, also gzipped.
    source : the feed's name.
    utc : the times in the lines are UTC. A capture has times of its own.
    port : of a capture, only what went there.

    Raises
    ------
    InputError : no such file, or text of which it is not said that its times are UTC.
    """
    start = head(path, 4)
    if is_capture(start):
        yield from _captured(path, SbsDecoder(source, utc=utc), port)
        return
    if not utc:
        raise InputError(
            "times of the receiver's own clock",
            file=str(path),
            field="utc",
            mend="say that they are UTC, if they are",
        )
    decoder = SbsDecoder(source, utc=True)
    with open_binary(path) as stream:
        while piece := stream.read(_PIECE):
            yield decoder.decode(piece, 0)
    yield decoder.decode(b"\n", 0)


def read_opensky(path: Path, *, source: str) -> Iterator[Decoded]:
    """Read recorded answers of the OpenSky Network, one a line, or one alone.

    Raises
    ------
    InputError : no such file, or a document of more than 64 MB.
    """
    yield from _documents(path, OpenSkyDecoder(source))


def read_remote_id(path: Path, *, source: str) -> Iterator[Decoded]:
    """Read recorded answers of a remote identification provider, one a line, or one alone.

    Raises
    ------
    InputError : no such file, or a document of more than 64 MB.
    """
    yield from _documents(path, RemoteIdDecoder(source))


def _captured(path: Path, decoder: Decoder, port: int | None) -> Iterator[Decoded]:
    counts = Decoded()
    for datagram in read_pcap(path, counts.refused, counts.unwanted):
        if port is None or datagram.port == port:
            yield decoder.decode(datagram.payload, datagram.time)
        else:
            counts.unwanted["packet of another port"] += 1
    yield counts


def _documents(path: Path, decoder: Decoder) -> Iterator[Decoded]:
    start = head(path)
    # a line that is whole has the whole object on it
    lines = start.lstrip().split(b"\n", 1)[0].rstrip().endswith(b"}") or b"\n" not in start
    with open_binary(path) as stream:
        while (
            document := stream.readline(_LARGEST_DOCUMENT)
            if lines
            else stream.read(_LARGEST_DOCUMENT)
        ):
            if len(document) >= _LARGEST_DOCUMENT:
                raise InputError(
                    "a document of more than 64 MB",
                    file=str(path),
                    mend="give one answer a line",
                )
            if document.strip():
                yield decoder.decode(document, 0)
