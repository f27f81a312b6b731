"""Reach: whom the service may call on a party's behalf. Nobody behind its walls.

A party names a URL, and the service calls it from where it stands: so a URL may not lead to what
only the service can reach (server-side request forgery, CWE-918). What counts is the address that
is connected to, after the name was resolved, each time anew.
"""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import urlsplit

import httpcore

from detente.api.config import Webhooks
from detente.api.keys import is_loopback
from detente.api.problem import ProblemError

__all__ = ["OutOfReach", "caller", "check_url", "may_reach"]

_LONGEST: Final = 2_000

# addresses that carry another one in them, which a translator on the way would take out
_CARRIERS: Final = tuple(
    map(ipaddress.ip_network, ("::/96", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16"))
)


class OutOfReach(Exception):  # noqa: N818 - what became of an attempt
    """A name that leads where the service may not call."""


def check_url(url: str, webhooks: Webhooks) -> str:
    """See that a URL can be a receiver's; where its name leads is seen when it is called.

    Raises
    ------
    ProblemError : it cannot.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise _no("it cannot be read") from None
    if len(url) > _LONGEST or not url.isascii() or not url.isprintable() or " " in url:
        raise _no(f"it has more than {_LONGEST} characters, or some that are not ASCII")
    if parts.scheme not in ("https", "http") or not host or port == 0:
        raise _no("it is not https://host/path")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise _no("it has a user, a password or a fragment")
    if parts.scheme == "http" and not (webhooks.loopback and is_loopback(host)):
        raise _no("it is not https")
    try:
        reached = may_reach(host, webhooks)
    except ValueError:  # a name, not an address
        reached = host != "localhost" or webhooks.loopback
    if not reached:
        raise _no("it is no public address")
    return url


def may_reach(address: str, webhooks: Webhooks) -> bool:
    """Tell whether an address may be called.

    Raises
    ------
    ValueError : it is no address.

    >>> may_reach("169.254.169.254", Webhooks(loopback=True, private=True))
    False
    >>> may_reach("::ffff:10.0.0.1", Webhooks()), may_reach("10.0.0.1", Webhooks(private=True))
    (False, True)
    """
    ip = ipaddress.ip_address(address.strip("[]").partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            ip = ip.ipv4_mapped
        elif not ip.is_loopback and any(ip in carrier for carrier in _CARRIERS):
            return False
    if ip.is_loopback:
        return webhooks.loopback
    if ip.is_multicast or ip.is_link_local or ip.is_unspecified or ip.is_reserved:
        return False
    return ip.is_global or (webhooks.private and ip.is_private)


def caller(webhooks: Webhooks) -> httpcore.AsyncConnectionPool:
    """Make what calls receivers: it follows no redirect, takes no proxy, and knows its walls."""
    return httpcore.AsyncConnectionPool(
        ssl_context=ssl.create_default_context(),
        max_connections=2 * webhooks.concurrent,
        keepalive_expiry=30.0,
        network_backend=_Walled(webhooks),
    )


class _Walled(httpcore.AsyncNetworkBackend):
    """Connects to the address that was looked at, and to no other."""

    def __init__(self, webhooks: Webhooks) -> None:
        self._webhooks = webhooks
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        loop = asyncio.get_running_loop()
        try:
            found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError:
            raise OutOfReach from None
        addresses = [str(address[0]) for *_, address in found]
        # a name that leads behind the walls too is not trusted at all
        if not all(may_reach(address, self._webhooks) for address in addresses):
            raise OutOfReach
        for address in addresses[:-1]:
            try:
                return await self._inner.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return await self._inner.connect_tcp(
            addresses[-1], port, timeout, local_address, socket_options
        )

    async def sleep(self, seconds: float) -> None:
        await self._inner.sleep(seconds)


def _no(what: str) -> ProblemError:
    return ProblemError(
        "invalid", f"no URL of a receiver: {what}", field="url",
        mend="give https://host/path, of a host that everybody can reach",
    )  # fmt: skip
