"""The service against its own description: schemathesis asks every operation, as every role.

No answer is a server error, and none has a status, a type or a body that is not described.
"""

from datetime import UTC, datetime, timedelta

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import checks
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

CHECKS = [
    checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
ENDLESS = ("/v1/events", "/v1/ledger/events")
"""Streams do not end; tests/api/test_events.py has them."""

CALLERS = {
    "party": ("party", "north"),
    "lead": ("lead", "ring"),
    "authority": ("authority", "tower"),
    "observer": ("observer", "press"),
    "nobody": (None, ""),
}
EXAMPLES = {"party": 6, "authority": 6, "lead": 4, "observer": 3, "nobody": 2}
"""Of each operation; fewer for those who are mostly refused."""

quick = settings(
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)


@pytest.fixture(scope="module")
def peopled(service):
    """An airspace that has something in it."""
    service.register("north", "south")
    soon = datetime.now(UTC) + timedelta(hours=2)
    path = {
        "start": soon.isoformat(), "seconds": [0, 600], "lat": [50, 50], "lon": [4, 5],
        "alt": [35000, 35000],
    }  # fmt: skip
    for party in ("north", "south"):
        with service.client("party", party) as client:
            answer = client.put(
                "/v1/intents/one", json={"extent": path}, headers={"Idempotency-Key": "one"}
            )
            assert answer.status_code == 200, answer.text
    with service.client("authority", "tower") as authority:
        answer = authority.put(
            "/v1/coalitions/ring", json={"invited": ["north"]}, headers={"Idempotency-Key": "ring"}
        )
        assert answer.status_code == 200, answer.text
    return service


@pytest.fixture(scope="module")
def described(peopled):
    """The description that the service gives of itself."""
    return schemathesis.openapi.from_url(f"{peopled.url}/openapi.json").exclude(path=list(ENDLESS))


def headers_of(service, role, subject):
    return {} if role is None else {"Authorization": f"Bearer {service.token(role, subject)}"}


@pytest.mark.parametrize("caller", CALLERS)
def test_every_operation_answers_as_it_is_described(peopled, described, caller):
    headers = headers_of(peopled, *CALLERS[caller])
    asked = 0
    for found in described.get_all_operations():
        operation = found.ok()

        @settings(quick, max_examples=EXAMPLES[caller])
        @given(operation.as_strategy())
        def ask(case):
            case.call_and_validate(headers=headers, checks=CHECKS)

        ask()
        asked += 1
    assert asked > 40


@pytest.mark.parametrize("caller", ["party", "authority"])
def test_chains_of_operations_answer_as_they_are_described(peopled, described, caller):
    """What one operation answers is put into the next: the links that the description has."""
    headers = headers_of(peopled, *CALLERS[caller])
    machine = described.as_state_machine()
    assert described.statistic.transitions.total > 50

    class Chains(machine):
        def get_call_kwargs(self, case):
            return {"headers": headers}

        def validate_response(self, response, case, additional_checks=(), **kwargs):
            case.validate_response(response, checks=CHECKS)

    Chains.run(settings=settings(quick, max_examples=15, stateful_step_count=8))
