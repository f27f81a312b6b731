"""ASTERIX data blocks of categories 021 (ADS-B) and 062 (system tracks).

Source: EUROCONTROL-SPEC-0149, part 1. What a record holds is told by
:mod:`detente.formats.uap`, what it means by :mod:`detente.formats.cat021` and
:mod:`detente.formats.cat062`.
"""

from collections.abc import Mapping
from datetime import date

from detente.errors import InputError
from detente.formats.cat021 import Cat021
from detente.formats.cat062 import Cat062
from detente.formats.decoded import Decoded
from detente.formats.midnight import Midnight
from detente.formats.uap import Profile, RecordError

__all__ = ["AsterixDecoder"]

_HEADER = 3
_READERS: Mapping[int, type[Cat021] | type[Cat062]] = {21: Cat021, 62: Cat062}


class AsterixDecoder:
    """Decode datagrams, each of one or more whole data blocks.

    Parameters
    ----------
    source : the feed's name.
    editions : category to edition, such as ``{21: "0.26"}``, where it is not the newest: nothing
        in the bytes says which it is.
    day : of the first record of a recording without dates; see
        :class:`~detente.formats.midnight.Midnight`.

    Raises
    ------
    InputError : an edition that is not known, or of a category that is not read.
    """

    def __init__(
        self,
        source: str,
        *,
        editions: Mapping[int, str] | None = None,
        day: date | None = None,
    ) -> None:
        editions = editions or {}
        for category in editions:
            if category not in _READERS:
                raise InputError(
                    f"category {category:03d} is not read",
                    field="edition",
                    mend="categories are 21 and 62",
                )
        self.source = source
        self._midnight = Midnight(day)
        self._readers = {
            category: reader(source, Profile(category, editions.get(category, "")))
            for category, reader in _READERS.items()
        }

    def reset(self) -> None:
        """Nothing is kept from one datagram to the next but the recording's day."""

    def decode(self, chunk: bytes, received: int) -> Decoded:
        """Decode a datagram; never raises.

        Parameters
        ----------
        chunk : its data blocks.
        received : when it came, nanoseconds since 1970.
        """
        decoded = Decoded()
        at = 0
        while at < len(chunk):
            length = int.from_bytes(chunk[at + 1 : at + _HEADER], "big")
            if length < _HEADER or at + length > len(chunk):
                decoded.refused["block: cut short"] += 1
                break
            reader = self._readers.get(chunk[at])
            if reader is None:
                decoded.unwanted[f"CAT{chunk[at]:03d}"] += 1
            else:
                self._block(reader, chunk[at + _HEADER : at + length], received, decoded)
            at += length
        return decoded

    def _block(
        self, reader: Cat021 | Cat062, block: bytes, received: int, decoded: Decoded
    ) -> None:
        at = 0
        try:
            while at < len(block):
                at = reader.read(block, at, received, self._midnight, decoded)
        except RecordError as error:
            decoded.refused[f"record: {error}"] += 1
