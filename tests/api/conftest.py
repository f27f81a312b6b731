import pytest

from tests.api.service import running_service


@pytest.fixture(scope="module")
def service():
    """A service on a new SQLite ledger, for all tests of a module; no party is registered."""
    with running_service() as started:
        yield started


@pytest.fixture
def start(tmp_path):
    """Start services with options, in one directory of the test."""
    stack = []

    def started(**options):
        context = running_service(tmp_path, **options)
        stack.append(context)
        return context.__enter__()

    yield started
    for context in stack:
        context.__exit__(None, None, None)
