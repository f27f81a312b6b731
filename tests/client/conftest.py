import pytest

from detente.client import Client, Patience
from tests.api.service import running_service


@pytest.fixture(scope="module")
def service():
    """A service with three parties, for all tests of a module."""
    with running_service() as started:
        started.register("north", "south", "east")
        yield started


@pytest.fixture(scope="module")
def client(service):
    """Make clients: of a party, of the authority ("tower"), of an observer ("reader")."""
    made = []

    def of(who="north", url=None, **options):
        role = {"tower": "authority", "reader": "observer"}.get(who, "party")
        options.setdefault("patience", Patience(total=10.0, first=0.01, most=0.1))
        one = Client(url or service.url, service.token(role, who), **options)
        made.append(one)
        return one

    yield of
    for one in made:
        one.close()
