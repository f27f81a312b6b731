"""Metrics for Prometheus: counts and times, of no party in particular."""

import os
from collections import Counter as Counts
from collections.abc import Callable, Sequence
from typing import Any, Final

from litestar import Response, get
from litestar.connection import ASGIConnection
from litestar.handlers import HTTPRouteHandler
from litestar.handlers.base import BaseRouteHandler
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

from detente.api.caller import may
from detente.api.config import Config
from detente.api.keys import is_loopback
from detente.api.problem import ProblemError
from detente.api.tokens import PUBLIC
from detente.authority import Notice, Outcome, State
from detente.authority.disclosure import OwnIntent, Refusal
from detente.authority.event import AlertRaised, CommandRejected, TracksReported
from detente.watch.track import Conformance

__all__ = ["MULTIPLE", "Metrics", "metrics_of"]

MULTIPLE: Final = "PROMETHEUS_MULTIPROC_DIR"
"""The environment variable that tells several processes where they count together."""

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
_KNOWN: Final = {
    "unseen": "Declared flights that should be seen and are not",
    "alerts": "Alerts that last",
    "occurrences": "Events of the record",
    "statements": "Statements on record",
}
"""What is counted of what is known, by its table."""
_COMMANDS = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)


class Metrics:
    """What is counted. No label has a party's name, nor an intent's."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self._requests = Counter(
            "detente_requests", "Requests answered", ["method", "route", "status"],
            registry=registry,
        )  # fmt: skip
        self._seconds = Histogram(
            "detente_request_seconds", "Seconds from a request to the end of its answer",
            ["method", "route"], buckets=_SECONDS, registry=registry,
        )  # fmt: skip
        self._decisions = Counter(
            "detente_decisions", "Commands answered, by what came of them", ["outcome"],
            registry=registry,
        )  # fmt: skip
        self._refusals = Counter(
            "detente_refusals", "Flights refused or held, by reason; rejected commands, by code",
            ["kind"], registry=registry,
        )  # fmt: skip
        # to look them up by their labels costs more than to count
        self._known: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}
        self._batch = Histogram(
            "detente_batch_commands", "Commands decided on together", buckets=_COMMANDS,
            registry=registry,
        )  # fmt: skip
        self.followers = Gauge(
            "detente_event_followers", "Event streams that are open",
            registry=registry, multiprocess_mode="livesum",
        )  # fmt: skip
        self._position = Gauge(
            "detente_ledger_position", "Entries of the ledger that are known",
            registry=registry, multiprocess_mode="livemax",
        )  # fmt: skip
        self._seen = Counter(
            "detente_observed", "What the watch reported and was recorded, by kind", ["kind"],
            registry=registry,
        )  # fmt: skip
        self._tracks = Gauge(
            "detente_tracks", "Tracks that are followed, by conformance",
            ["conformance"], registry=registry, multiprocess_mode="livemostrecent",
        )  # fmt: skip
        self._known_now = {
            name: Gauge(f"detente_{name}", what, registry=registry,
                        multiprocess_mode="livemostrecent")
            for name, what in _KNOWN.items()
        }  # fmt: skip
        self._waiting = Gauge(
            "detente_waiting_commands", "Commands that wait for the desk",
            registry=registry, multiprocess_mode="livesum",
        )  # fmt: skip

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request that was answered."""
        asked = method, route, status
        if asked not in self._known:
            self._known[asked] = (
                self._requests.labels(method, route, str(status)),
                self._seconds.labels(method, route),
            )
        count, times = self._known[asked]
        count.inc()
        times.observe(seconds)

    def batch(self, answers: Sequence[object]) -> None:
        """Count commands that were decided on together, and what came of them."""
        self._batch.observe(len(answers))
        for answer in answers:
            outcome, kind = _what(answer)
            self._decisions.labels(outcome).inc()
            if kind:
                self._refusals.labels(kind).inc()
            if isinstance(answer, Outcome):
                self._watched(answer)

    def _watched(self, outcome: Outcome) -> None:
        for event in outcome.events:
            if isinstance(event, TracksReported):
                self._seen.labels("track").inc(len(event.tracks))
                self._seen.labels("unseen").inc(sum(not one.over for one in event.unseen))
            elif isinstance(event, AlertRaised):
                self._seen.labels("alert").inc()

    def text(self, state: State, waiting: int) -> bytes:
        """Write all of it down, of all processes on this machine."""
        self._position.set(state.position)
        # a copy of it is taken at once; what is being decided meanwhile is no matter here
        tracks = Counts(seen.track.conformance for seen in list(state.tracks.values())
                        if not seen.track.ended)  # fmt: skip
        for conformance in Conformance:
            self._tracks.labels(conformance.value).set(tracks[conformance])
        for name, gauge in self._known_now.items():
            gauge.set(len(getattr(state, name)))
        self._waiting.set(waiting)
        if MULTIPLE not in os.environ:
            return generate_latest(self.registry)
        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]
        return generate_latest(together)


def metrics_of(config: Config, write: Callable[[], bytes]) -> HTTPRouteHandler:
    """Make the resource ``/metrics``: for who may audit, or for this machine alone.

    How many flights are refused is what parties must not learn, so it is never for everybody.
    """
    alone = config.metrics == "loopback"

    @get(
        "/metrics",
        media_type=CONTENT_TYPE_LATEST,
        guards=[_from_here if alone else may("audit")],
        opt={PUBLIC: alone},
        security=[{}] if alone else None,
        tags=["operation"],
    )
    async def metrics() -> Response[bytes]:
        """Give counts and times for Prometheus."""
        return Response(write(), media_type=CONTENT_TYPE_LATEST)

    return metrics


async def _from_here(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    client = connection.client
    if client is None or not is_loopback(client.host):
        raise ProblemError("forbidden", "metrics are for this machine", mend="ask from there")


def _what(answer: object) -> tuple[str, str]:
    """Say what came of a command, and why it was refused."""
    if isinstance(answer, Notice):
        for content in answer.contents:
            if isinstance(content, Refusal):
                return "rejected", content.code
            if isinstance(content, OwnIntent):
                return content.state.value, content.because
        return "done", ""
    if isinstance(answer, Outcome):
        for event in answer.events:
            if isinstance(event, CommandRejected):
                return "rejected", event.code
        return "done", ""
    return "failed", ""
