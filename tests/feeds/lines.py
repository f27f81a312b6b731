"""BaseStation lines, as a receiver sends them."""

__all__ = ["msg"]


def msg(address: str, lat: float = 50.0, lon: float = 5.0, level: int = 35_000) -> bytes:
    """A position of one aircraft."""
    stamp = "2026/07/01,12:00:00.000"
    text = f"MSG,3,1,1,{address.upper()},1,{stamp},{stamp},,{level},,,{lat},{lon},,,0,0,0,0\r\n"
    return text.encode()
