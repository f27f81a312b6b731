"""Where a feed is: a host and a port, and for multicast the group that is joined there."""

import re
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address, ip_address

from detente.errors import InputError

__all__ = ["Address", "parse_address"]

_FORM = re.compile(r"(?:(?P<group>[^@]*)@)?(?P<host>\[[^\]]*\]|[^:@\[\]]*):(?P<port>\d{1,5})\Z")


@dataclass(frozen=True, slots=True)
class Address:
    """A place on a network.

    Parameters
    ----------
    host : a name or an address; with a group, the interface that it is joined on, by its name
        or its own address.
    port : 0 to 65535.
    group : the multicast group; "" for none.
    """

    host: str
    port: int
    group: str = ""

    def __str__(self) -> str:
        """Write it as it is given.

        >>> str(Address("::1", 30003)), str(Address("eth0", 8600, "239.255.0.1"))
        ('[::1]:30003', '239.255.0.1@eth0:8600')
        """
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.group}@{host}:{self.port}" if self.group else f"{host}:{self.port}"


def parse_address(text: str, *, field: str, groups: bool = False) -> Address:
    """Read an address.

    Parameters
    ----------
    text : HOST:PORT, with IPv6 in brackets; or GROUP@INTERFACE:PORT.
    field : the option that gave it.
    groups : whether a multicast group may be given.

    Raises
    ------
    InputError : it is none.

    >>> parse_address("[::1]:30003", field="sbs")
    Address(host='::1', port=30003, group='')
    >>> parse_address("239.255.0.1@eth0:8600", field="asterix", groups=True)
    Address(host='eth0', port=8600, group='239.255.0.1')
    """
    form = "[GROUP@]HOST:PORT" if groups else "HOST:PORT"
    found = _FORM.match(text)
    if found is None or not found["host"].strip("[]") or int(found["port"]) > 65_535:
        raise InputError(f"{text!r} is no address", field=field, mend=f"write {form}")
    host, group = found["host"], (found["group"] or "").strip("[]")
    if host.startswith("["):
        host = host[1:-1]
        try:
            IPv6Address(host)
        except AddressValueError:
            raise InputError(
                f"{host!r} is no IPv6 address", field=field, mend="write [::1]:PORT"
            ) from None
    if found["group"] is None:
        if groups and _is_group(host):
            raise InputError(
                f"the group {host} without an interface", field=field,
                mend="write GROUP@INTERFACE:PORT, such as 239.255.0.1@eth0:8600",
            )  # fmt: skip
        return Address(host, int(found["port"]))
    if not groups:
        raise InputError(f"a group in {text!r}", field=field, mend=f"write {form}")
    if not _is_group(group):
        raise InputError(
            f"{group!r} is no multicast group", field=field,
            mend="give one of 224.0.0.0/4 or ff00::/8",
        )  # fmt: skip
    return Address(host, int(found["port"]), group)


def _is_group(text: str) -> bool:
    try:
        found: IPv4Address | IPv6Address = ip_address(text)
    except ValueError:
        return False
    return found.is_multicast
