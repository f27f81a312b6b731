"""Tracks and intents that are volumes: within, beside, over, and off-nominal."""

from dataclasses import replace

import numpy as np
import pytest

from detente import Polygon, Volume
from detente.airspace import Circle
from detente.watch.declared import Declared
from tests.watch.looks import EAST, WGS84, Sky, circle, drone


def test_within_a_volume_is_conforming_and_outside_by_so_much_is_not():
    assert Sky(circle()).watch(drone(250.0))["drone"].said == "conforming"
    sky = Sky(circle(address="abcdef"))
    sky.watch(drone(address="abcdef"))
    out = sky.watch(drone(500.0, address="abcdef", geometric=520.0))["drone"]
    assert out.said == "nonconforming"
    assert (out.lateral, out.vertical, out.time) == pytest.approx((200.0, 120.0, 0.0), abs=1.0)
    assert Sky(circle()).watch(drone(3_000.0))["drone"].said == "undeclared"


def test_a_polygon_over_the_antimeridian_and_about_the_pole():
    for corners, inside in (
        (((-17.0, 179.9), (-17.0, -179.9), (-17.2, -179.9), (-17.2, 179.9)), (-17.1, 180.0)),
        (((89.9, 0.0), (89.9, 90.0), (89.9, 180.0), (89.9, -90.0)), (90.0, 0.0)),
    ):
        intent = Declared("party/area", "party", (Volume("party/area", Polygon(corners)),))
        there = replace(drone(), lat=inside[0], lon=inside[1])
        found = Sky(intent).watch(there)["drone"]
        assert (found.said, found.lateral) == ("conforming", 0.0)
        away = WGS84.Direct(*inside, 45.0, 100_000.0)
        there = replace(there, lat=away["lat2"], lon=away["lon2"])
        assert Sky(intent).watch(there)["drone"].said == "undeclared"


def test_a_volume_that_is_over_holds_nobody():
    sky = Sky(circle())
    sky.watch(drone())
    sky.seconds = 1800.0
    early = sky.watch(drone(address="1"), seconds=60.0)["drone"]
    assert (early.said, early.time) == ("nonconforming", pytest.approx(60.0))
    sky.seconds = 1800.0 + 3600.0
    assert sky.watch(drone())["drone"].said == "undeclared"


def test_off_nominal_volumes_count():
    astray = circle("party/east", lat=50.2, lon=4.2, radius=5_000.0)
    intent = replace(EAST.intent(), off_nominal=astray.extent)
    there = replace(EAST, lat=50.21, lon=4.2, speed=0.0, geometric=300.0, pressure=np.nan)
    found = Sky(intent).watch(there)["east"]
    assert (found.said, found.intent, found.lateral) == ("conforming", "party/east", 0.0)
    assert Sky(EAST.intent()).watch(there)["east"].said == "undeclared"
    assert Sky(intent).watch(EAST)["east"].said == "conforming"


def test_a_wide_volume_does_not_excuse_strangers():
    wide = Declared("party/wide", "party", (Volume("party/wide", Circle(50.0, 5.0, 400_000.0)),))
    stranger = replace(EAST, address="abcdef")
    assert Sky(wide).watch(stranger)["east"].said == "undeclared"
    assert Sky(replace(wide, address="abcdef")).watch(stranger)["east"].said == "conforming"
