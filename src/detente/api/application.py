"""The application: every resource, who may ask, and how errors are answered."""

import asyncio
import time
from importlib.metadata import version

from litestar import Litestar, Router
from litestar.datastructures import State
from litestar.di import Provide
from litestar.middleware import DefineMiddleware
from litestar.routes import HTTPRoute

from detente.api.airspace import AirspaceController
from detente.api.charter import CharterController
from detente.api.coalitions import (
    CoalitionsController,
    FormedController,
    MembershipsController,
    SharedController,
)
from detente.api.config import Config
from detente.api.console import ConsoleController
from detente.api.constraints import ConstraintsController
from detente.api.counter import Clock, Counter
from detente.api.cycles import CyclesController
from detente.api.deliveries import Deliveries
from detente.api.development import key_file
from detente.api.entries import LedgerController
from detente.api.events import EventsController
from detente.api.features import FeaturesController
from detente.api.filters import filter_of
from detente.api.health import HealthController, Readiness
from detente.api.hindsight import Hindsight, Recollection
from detente.api.intents import IntentsController
from detente.api.keys import KeyRing
from detente.api.limits import Measures
from detente.api.metrics import Metrics, metrics_of
from detente.api.occurrences import KeepingController, OccurrencesController
from detente.api.pages import PagesController
from detente.api.parties import PartiesController
from detente.api.past import OwnPastController, PastController
from detente.api.problem import fault_in, respond_to
from detente.api.specification import openapi
from detente.api.statements import GradingController, StatementsController
from detente.api.streams import Streams
from detente.api.sweeping import Sweeping
from detente.api.tokens import GUARDS, Authentication, Tokens
from detente.api.watch import AlertsController, TracksController, WatchController
from detente.api.webhooks import WebhooksController
from detente.ledger.desk import Desk
from detente.ledger.past import Past, PastRecord, PastView
from detente.ledger.receivers import open_receivers

__all__ = ["application"]


def application(desk: Desk, config: Config, *, clock: Clock = time.time) -> Litestar:
    """Make the service over a desk.

    Parameters
    ----------
    desk : where commands are decided on; whoever opened it closes it.
    config : limits, keys and the rest.
    clock : the service's, for all but how long something takes.

    Returns
    -------
    The application. ``state.metrics`` counts; ``state.counter`` is where commands wait;
    ``state.stopping`` is an event that is set when the service stops: whoever answers without
    end must end then.
    """
    metrics = Metrics()
    stopping = asyncio.Event()
    readiness = Readiness(desk, stopping)
    counter = Counter(
        desk,
        watch=(metrics.batch, readiness.note_all),
        most=config.limits.waiting,
        clock=clock,
    )
    ring = KeyRing(config.keys, key_file(config))
    tokens = Tokens(ring, config.keys, now=clock)
    measures = Measures(config.limits, counter)
    streams = Streams(counter, config, metrics, stopping)
    deliveries = Deliveries(streams, config, open_receivers(config.ledger))
    sweeping = Sweeping(counter, config.sweep)
    # of their own: who looks back does not undo what another has read
    past, present = Hindsight(Past(desk.ledger)), Hindsight(Past(desk.ledger))
    record = Hindsight(PastRecord(desk.ledger), most=128)
    recollection = Recollection(PastView(desk.ledger, desk.heard))
    closing = [one.close for one in (past, present, record, recollection)]
    app = Litestar(
        route_handlers=[
            HealthController,
            PagesController,
            ConsoleController,
            metrics_of(config, lambda: metrics.text(desk.state, counter.waiting)),
            IntentsController,
            SharedController,
            MembershipsController,
            CoalitionsController,
            FormedController,
            CharterController,
            ConstraintsController,
            CyclesController,
            PartiesController,
            AirspaceController,
            PastController,
            OwnPastController,
            Router(
                "/", route_handlers=[WatchController], request_max_body_size=config.limits.observed
            ),
            TracksController,
            AlertsController,
            OccurrencesController,
            KeepingController,
            StatementsController,
            GradingController,
            LedgerController,
            EventsController,
            WebhooksController,
            FeaturesController,
        ],
        dependencies={
            "counter": Provide(lambda: counter, sync_to_thread=False),
            "config": Provide(lambda: config, sync_to_thread=False),
            "past": Provide(lambda: past, sync_to_thread=False),
            "present": Provide(lambda: present, sync_to_thread=False),
            "record": Provide(lambda: record, sync_to_thread=False),
            "recollection": Provide(lambda: recollection, sync_to_thread=False),
            "streams": Provide(lambda: streams, sync_to_thread=False),
            "deliveries": Provide(lambda: deliveries, sync_to_thread=False),
            "stopping": Provide(lambda: stopping, sync_to_thread=False),
            "readiness": Provide(lambda: readiness, sync_to_thread=False),
            "narrow": Provide(filter_of, sync_to_thread=False),
            "measures": Provide(lambda: measures, sync_to_thread=False),
        },
        exception_handlers={Exception: respond_to},
        after_exception=[fault_in],
        middleware=[DefineMiddleware(Authentication, tokens=tokens, admit=measures.admit)],
        on_startup=[ring.begin, streams.begin, deliveries.begin, sweeping.begin],
        on_shutdown=[sweeping.close, deliveries.close, streams.close, *closing, counter.close],
        state=State({"metrics": metrics, "stopping": stopping, "counter": counter}),
        logging_config=None,
        request_max_body_size=config.limits.body,
        openapi_config=openapi(version("detente")),
    )
    _lighten(app)
    return app


def _lighten(app: Litestar) -> None:
    """Spare what the framework does for each request and nothing here needs.

    It gives each dependency a task of its own; here they only hand something over, so that goes
    one by one. It copies the handler before it asks a guard; so who lets callers in asks the
    guards too.
    """
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for handler, model in route.route_handler_map.values():
                model.dependency_batches = [
                    {one} for some in model.dependency_batches for one in some
                ]
                guards = handler.resolve_guards()
                if GUARDS not in handler.opt:
                    handler.opt[GUARDS] = tuple(guards)
                    guards.clear()
