"""The application: every resource, who may ask, and how errors are answered."""

from litestar import Litestar
from litestar.di import Provide
from litestar.openapi import OpenAPIConfig

from detente.api.airspace import AirspaceController
from detente.api.coalitions import CoalitionsController, SharedController
from detente.api.config import Config
from detente.api.constraints import ConstraintsController
from detente.api.counter import Counter
from detente.api.cycles import CyclesController
from detente.api.entries import LedgerController
from detente.api.filters import filter_of
from detente.api.intents import IntentsController
from detente.api.limits import Measures
from detente.api.parties import PartiesController
from detente.api.problem import respond_to
from detente.ledger.desk import Desk

__all__ = ["application"]


def application(desk: Desk, config: Config) -> Litestar:
    """Make the service over a desk.

    Parameters
    ----------
    desk : where commands are decided on; whoever opened it closes it.
    config : limits, keys and the rest.
    """
    counter = Counter(desk)
    measures = Measures(config.limits, counter)
    return Litestar(
        route_handlers=[
            IntentsController,
            SharedController,
            CoalitionsController,
            ConstraintsController,
            CyclesController,
            PartiesController,
            AirspaceController,
            LedgerController,
        ],
        dependencies={
            "counter": Provide(lambda: counter, sync_to_thread=False),
            "narrow": Provide(filter_of, sync_to_thread=False),
            "measures": Provide(lambda: measures, sync_to_thread=False),
        },
        exception_handlers={Exception: respond_to},
        request_max_body_size=config.limits.body,
        openapi_config=OpenAPIConfig(title="Detente", version="1"),
    )
