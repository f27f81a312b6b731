"""When a call is sent again, stepped through without a network."""

import ssl

import httpx
import pytest

from detente.authority.notice import OwnIntent
from detente.client import Patience, Problem, TooMany, Unreachable
from detente.client.call import read
from detente.client.problem import problem_in
from detente.client.retry import Pause, Send, asking

CALL = read(OwnIntent, "/v1/intents/A")
REQUEST = httpx.Request("GET", "http://x/v1/intents/A")
GOOD = b'{"type":"OwnIntent","intent":"A","version":1,"state":"ended"}'


def answer(status, content=b"", **headers):
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, content=content, headers=names, request=REQUEST)


def problem(kind, status, **headers):
    return answer(status, b'{"type":"/problems/%b","detail":"so"}' % kind.encode(), **headers)


class Run:
    """Goes through a call: each reply in turn, on a clock of its own."""

    def __init__(self, replies, **patience):
        self.clock, self.pauses, self.tries = 0.0, [], []
        steps = asking(CALL, Patience(**patience), now=lambda: self.clock)
        replies, reply = iter(replies), None
        while True:
            try:
                step = steps.send(reply)
            except StopIteration as end:
                self.answer = end.value
                return
            except Exception as error:
                self.answer = error
                return
            reply = None
            if isinstance(step, Pause):
                self.pauses.append(step.seconds)
                self.clock += step.seconds
            else:
                assert isinstance(step, Send)
                self.tries.append(step.seconds)
                reply = next(replies)
                if isinstance(reply, httpx.TimeoutException):
                    self.clock += step.seconds


def test_what_passes_is_waited_for():
    run = Run([
        problem("too-many", 429, Retry_After="3"),
        answer(503, b"<html>"),
        httpx.ConnectError("refused", request=REQUEST),
        httpx.RemoteProtocolError("closed", request=REQUEST),
        httpx.ReadTimeout("slow", request=REQUEST),
        answer(200, GOOD),
    ], total=60.0)  # fmt: skip
    assert run.answer.intent == "A"
    assert run.pauses[0] == 3.0
    for k, pause in enumerate(run.pauses[1:], 1):
        assert 0.05 * 2**k <= pause <= 0.1 * 2**k


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 410, 412, 422, 500, 502, 504, 302])
def test_what_does_not_is_the_answer(status):
    run = Run([problem("state", status)])
    assert isinstance(run.answer, Problem)
    assert (run.answer.status, run.answer.code, run.pauses) == (status, "state", [])


def test_there_is_an_end_to_it():
    busy = [problem("too-many", 429) for _ in range(500)]
    run = Run(busy, total=20.0, once=2.0)
    assert isinstance(run.answer, TooMany)
    assert 14.0 < run.clock <= 20.0
    gone = [httpx.ReadTimeout("slow", request=REQUEST) for _ in range(500)]
    run = Run(gone, total=20.0, once=8.0)
    assert isinstance(run.answer, Unreachable)
    assert run.clock <= 20.0 + 1e-6
    assert run.tries[-1] < 8.0
    run = Run([problem("too-many", 429, Retry_After="3600")])
    assert (run.answer.retry_after, run.pauses) == (3600.0, [])


def test_a_certificate_that_is_not_trusted_stays_so():
    error = httpx.ConnectError("certificate", request=REQUEST)
    error.__cause__ = ssl.SSLCertVerificationError("self-signed")
    run = Run([error, answer(200, GOOD)])
    assert isinstance(run.answer, Unreachable)
    assert run.pauses == []


def test_what_is_no_problem_of_ours_is_told_by_its_status():
    found = problem_in(answer(404, b"<html>not here</html>"))
    assert (type(found).__name__, found.code, str(found)) == (
        "NotFound",
        "",
        "status 404 Not Found",
    )
    assert problem_in(answer(503, Retry_After="Wed, 21 Oct 2015 07:28:00 GMT")).retry_after == 0.0
    assert problem_in(answer(503, Retry_After="soon")).retry_after is None
    assert problem_in(answer(500, b'{"type": 5}')).status == 500
    assert "cannot be read" in str(Run([answer(200, b"{}")]).answer)
