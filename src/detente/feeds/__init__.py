"""Feeds: sockets and files that sightings come by. The decoders are in ``formats``."""

from detente.feeds.address import Address, parse_address
from detente.feeds.feed import Feed
from detente.feeds.intake import Counts, Intake
from detente.feeds.polling import FileFeed, HttpFeed, shown
from detente.feeds.recording import Recording
from detente.feeds.replay import Step, steps
from detente.feeds.tcp import TcpFeed
from detente.feeds.udp import UdpFeed
from detente.feeds.waits import Waits

__all__ = [
    "Address",
    "Counts",
    "Feed",
    "FileFeed",
    "HttpFeed",
    "Intake",
    "Recording",
    "Step",
    "TcpFeed",
    "UdpFeed",
    "Waits",
    "parse_address",
    "shown",
    "steps",
]
