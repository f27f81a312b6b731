"""Reports as receivers and radars send them: BaseStation lines, ASTERIX data blocks."""

from datetime import UTC, datetime

__all__ = ["NOON", "cat021", "msg"]

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


def msg(
    address: str, lat: float = 50.0, lon: float = 5.0, level: int = 35_000, at: datetime = NOON
) -> bytes:
    """A position of one aircraft, as a line."""
    stamp = f"{at:%Y/%m/%d,%H:%M:%S.%f}"[:-3]
    text = f"MSG,3,1,1,{address.upper()},1,{stamp},{stamp},,{level},,,{lat},{lon},,,0,0,0,0\r\n"
    return text.encode()


def cat021(
    address: str, lat: float = 50.0, lon: float = 5.0, level: int = 35_000, at: datetime = NOON
) -> bytes:
    """The same as a data block of one record: items 010, 040, 130, 080, 073 and 145."""
    of_day = (at - at.replace(hour=0, minute=0, second=0, microsecond=0)).total_seconds()
    record = bytes([0b1100_0101, 0b0001_1001, 0b0000_0010]) + b"\x19\x02\x08"
    for degrees in (lat, lon):
        record += round(degrees * 2**23 / 180).to_bytes(3, "big", signed=True)
    record += bytes.fromhex(address) + round(of_day * 128).to_bytes(3, "big")
    record += round(level / 25).to_bytes(2, "big", signed=True)
    return b"\x15" + (len(record) + 3).to_bytes(2, "big") + record
