"""GeoJSON as objects in memory: what is written is read again, to the last digit."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente import (
    Altitude,
    Circle,
    InputError,
    Polygon,
    Reference,
    Volume,
    read_flights,
    read_volumes,
)
from detente.airspace import Flights, Separation, Trajectory
from detente.formats.volumes import volume_feature
from detente.formats.writing import flight_features

START = 1782907200 * 10**9
degrees = st.floats(-0.4, 0.4, allow_subnormal=False)
outlines = st.one_of(
    st.builds(
        lambda a, b, c, at: Polygon(
            ((a, at), (b, at + 2.0), (3.0 + c, at + 1.0 + a), (2.0 + b, at - 1.0))
        ),
        degrees, degrees, degrees, st.sampled_from([5.0, 179.5, -180.0]),
    ),
    st.builds(Circle, st.floats(-80, 80), st.floats(-180, 180), st.floats(1.0, 5e5)),
)  # fmt: skip


@st.composite
def volumes(draw):
    above = draw(st.sampled_from(list(Reference)))
    lower = draw(st.none() | st.floats(1.0, 40_000.0))
    upper = draw(st.none() | st.floats(40_001.0, 90_000.0))
    start = draw(st.none() | st.integers(START, START + 10**15))
    return Volume(
        id="V-1",
        outline=draw(outlines),
        lower=None if lower is None else Altitude(lower, above),
        upper=None if upper is None else Altitude(upper, above),
        start=start,
        end=draw(st.none() | st.integers(1, 10**15).map(lambda more: (start or START) + more)),
        party=draw(st.sampled_from(["", "Blue"])),
        buffer_h=draw(st.sampled_from([0.0, 500.5])),
        buffer_v=draw(st.sampled_from([0.0, 100.0])),
    )


@settings(max_examples=60, deadline=None)
@given(volumes())
def test_volumes_come_back(volume):
    assert read_volumes(json.loads(json.dumps(volume_feature(volume)))) == [volume]


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.integers(1, 10**13), min_size=1, max_size=5),
    st.sampled_from([Reference.PRESSURE, Reference.WGS84, Reference.MSL_EGM96]),
    st.none() | st.just(Separation(5000.0, 800.0)),
    st.integers(0, 5),
)
def test_flights_come_back(steps, above, protection, gap):
    n = len(steps) + 1
    flight = Trajectory(
        "A-1",
        np.concatenate([[START + 1], START + 1 + np.cumsum(steps)]),
        np.linspace(50.0, 50.1, n) + 1e-12,
        np.linspace(179.9, 180.1, n),
        np.linspace(35_000.3, 100.7, n),
        reference=above,
        protection=protection,
        gap=np.arange(n) == gap if gap < n - 1 else np.zeros(n, dtype=bool),
    )
    whole = {
        "type": "FeatureCollection",
        "features": list(flight_features(Flights.from_trajectories([flight]))),
    }
    (again,) = read_flights(json.loads(json.dumps(whole)))
    assert (again.id, again.reference) == ("A-1", above)
    for name in ("time", "lat", "lon", "alt", "gap"):
        assert np.array_equal(getattr(again, name), getattr(flight, name)), name
    assert again.protection == protection


@pytest.mark.parametrize("read", [read_flights, read_volumes])
def test_what_is_none_is_refused_with_its_feature(read):
    good = volume_feature(Volume("V", Circle(50.0, 8.0, 100.0)))
    bad = {"type": "Feature", "properties": {"id": "A"}, "geometry": {"type": "MultiPoint"}}
    with pytest.raises(InputError, match="FeatureCollection"):
        read({"type": "FeatureCollection", "features": []})
    features = [bad] if read is read_flights else [good, bad]
    with pytest.raises(InputError, match="MultiPoint") as caught:
        read({"type": "FeatureCollection", "features": features})
    assert (caught.value.file, caught.value.row) == (None, len(features))
