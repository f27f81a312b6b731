"""Encounters that are drawn, and looked at once: for the tests of alerts."""

import math

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from detente import Altitude, Circle, Separation, Volume
from detente.watch.alert import Alerting, ShortTermAlerts
from detente.watch.declared import Declared
from detente.watch.prediction import Outlook
from detente.watch.track import Conformance
from tests.watch.sky import NOON, SECOND, Seen, from_place, on, picture, straight

MINUTE = 60 * SECOND
USUAL = Outlook()
SURE = Outlook(held=0.0, drift=0.0, turn=0.0, climb=0.0)
"""Nothing grows uncertain."""
AT_ONCE = Alerting(least=1, looks=1, clear=1)
PLACES = [(47.0, 8.0), (0.0, 0.0), (-33.0, 151.0), (0.1, 179.99), (64.0, -179.9), (89.97, 10.0),
          (-89.9, 30.0)]  # fmt: skip
EXAMPLES = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def once(seen, *declared, settings=AT_ONCE, separation=None, now=NOON):
    """Look once, with nothing to remember."""
    alerts = ShortTermAlerts(separation, settings=settings)
    for each in declared:
        alerts.declare(each)
    return alerts.look(*picture(now, seen))


def pairs(alerts):
    return {(alert.a, alert.b) for alert in alerts}


def of(party, extent, **more):
    return Declared(f"{party}/one", party, extent, **more)


def places(seen, seconds):
    there = seen.later(seconds)
    return there.lat, there.lon


def scenes():
    """Draw tracks about a place: some of them declared, some of those elsewhere."""

    @st.composite
    def drawn(draw):
        centre = draw(st.sampled_from(PLACES))
        seen, declared = [], []
        for k in range(draw(st.integers(2, 7))):
            lat, lon, _ = from_place(
                *centre, draw(st.integers(0, 359)), draw(st.integers(0, 60_000))
            )
            course, speed = draw(st.integers(0, 359)), draw(st.sampled_from([0.0, 80.0, 230.0]))
            level = draw(st.sampled_from([33_000.0, 34_000.0, 34_500.0]))
            party, kind = draw(st.sampled_from("RB")), draw(st.integers(0, 4))
            name, more = f"{party}/{k}", {}
            protection = draw(st.sampled_from([None, None, Separation(15_000.0, 500.0)]))
            if kind in (1, 2, 3):
                declared.append(straight(
                    name, lat, lon, course, start=NOON - 60 * SECOND, speed=max(speed, 10.0),
                    alt=level, protection=protection))  # fmt: skip
            if kind == 4:
                declared.append(Declared(name, party, (
                    Volume(name, Circle(lat, lon, 5_000.0), Altitude(level), None, NOON,
                           NOON + 900 * SECOND),)))  # fmt: skip
            if kind == 1:
                more = on(name)
            if kind == 2:
                more = {"intent": name, "verdict": Conformance.NONCONFORMING}
            if kind in (0, 1, 2):
                seen.append(Seen(
                    f"T{k}", lat, lon, course, speed,
                    draw(st.sampled_from([level, level - 150.0, math.nan])),
                    draw(st.sampled_from([math.nan, level])),
                    draw(st.sampled_from([0.0, 1500.0, -1500.0, math.nan])),
                    draw(st.sampled_from([20.0, 500.0])), **more))  # fmt: skip
        return seen, declared

    return drawn()
