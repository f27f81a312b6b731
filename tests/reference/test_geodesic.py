"""The reference itself: against cases with a known answer, and against plain dense sampling."""

import numpy as np
import pytest

from tests.reference.encounters import KINDS, encounters, shared_pieces
from tests.reference.geodesic import WGS84, Track, losses, minima, pieces

SECOND = 1_000_000_000


def track(time, lat, lon, alt):
    n = len(time)
    return Track(
        np.array(time, np.int64) * SECOND,
        np.array(lat, float),
        np.array(lon, float),
        np.array(alt, float),
        np.zeros(n, bool),
    )


def test_head_on_along_the_equator():
    # the equator is a geodesic of length a * longitude: 1 degree is 111,319.49 m
    degree = np.radians(1.0) * WGS84.a
    a = track([0, 1000], [0, 0], [0, 1], [30000, 30000])
    b = track([0, 1000], [0, 0], [1, 0], [30000, 30000])
    [loss] = losses(pieces(a, b, 0), 9260.0, 1000.0)
    closing = 2 * degree / 1000
    assert loss.entry == pytest.approx((degree - 9260.0) / closing, abs=1e-6)
    assert loss.exit == pytest.approx((degree + 9260.0) / closing, abs=1e-6)
    assert loss.closest == pytest.approx(500.0, abs=1e-3)
    assert loss.horizontal == pytest.approx(0.0, abs=1e-2)
    assert loss.severity == pytest.approx(1.0, abs=1e-5)


def test_a_climb_through_the_other_level_over_one_place():
    a = track([0, 100], [47, 47], [8, 8], [30000, 30000])
    b = track([0, 100], [47, 47], [8, 8], [28000, 33000])  # 50 ft/s
    [loss] = losses(pieces(a, b, 0), 9260.0, 1000.0)
    assert (loss.entry, loss.exit) == pytest.approx((20.0, 60.0), abs=1e-9)
    assert loss.horizontal == 0.0


def test_equality_is_separation():
    a = track([0, 100], [47, 47], [8, 8], [30000, 30000])
    b = track([0, 100], [47, 47], [8, 8], [31000, 31000])
    assert losses(pieces(a, b, 0), 9260.0, 1000.0) == []


@pytest.mark.parametrize("kind", KINDS)
def test_agrees_with_dense_sampling(kind):
    for e in encounters(20180801, 3 * len(KINDS)):
        if e.kind != kind:
            continue
        _, shared = shared_pieces(e)
        h, v = minima(e.a, e.b, e.minima)
        found = losses(shared, h, v)
        for piece in shared:
            for t in np.linspace(piece.start, piece.end, 301)[1:-1]:
                d, z = piece.distance(t), abs(float(piece.vertical(t)))
                if abs(d - h) < 1e-3 or abs(z - v) < 1e-6:
                    continue  # on the border the two may differ by rounding
                inside = any(loss.entry < t < loss.exit for loss in found)
                assert inside == (d < h and z < v), (t, d, z)
                for loss in found:
                    if loss.entry < t < loss.exit:
                        assert loss.horizontal <= d + 1e-3
                        assert loss.severity >= 1.0 - max(d / h, z / v) - 1e-6
