"""What systemd is told about a service that it started (sd_notify(3))."""

import os
import socket

__all__ = ["NOTIFY", "tell_systemd"]

NOTIFY = "NOTIFY_SOCKET"
"""The environment variable that says where to tell."""


def tell_systemd(state: str) -> None:
    """Tell the supervisor, where there is one.

    Parameters
    ----------
    state : "READY=1" or "STOPPING=1".
    """
    path = os.environ.get(NOTIFY, "")
    if path[:1] not in ("/", "@"):
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
        try:
            notify.connect("\0" + path[1:] if path[0] == "@" else path)
            notify.sendall(state.encode())
        except OSError:
            return
