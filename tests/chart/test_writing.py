"""What the pages are made of: packed columns, thinning, and errors."""

import base64
import gzip
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente import (
    Altitude,
    Circle,
    Constraint,
    Flights,
    InputError,
    Volume,
    detect_conflicts,
    read_flights,
)
from detente.chart import write_conflict_chart
from detente.chart.columns import pack
from detente.chart.thinning import thin
from detente.earth import GEOD

from .scenes import HOSTILE, NOON, conflict, conflicts, crossing, flight

DAY = Path(__file__).parents[2] / "data" / "switzerland-2018-08-01.parquet"


def unpack(packed):
    """Read the columns by the words of chart/columns.py, with plain numbers."""
    data = gzip.decompress(base64.b64decode(packed["bytes"]))
    out, at = {}, 0
    for name, count in packed["columns"]:
        planes = [data[at + i * count : at + (i + 1) * count] for i in range(4)]
        total, values = 0, []
        for parts in zip(*planes, strict=True):
            zigzag = int.from_bytes(bytes(parts), "little")
            total += -(zigzag + 1) // 2 if zigzag % 2 else zigzag // 2
            values.append((total + 2**31) % 2**32 - 2**31)
        out[name] = values
        at += 4 * count
    return out


whole = st.integers(-(2**31), 2**31 - 1)


@given(st.lists(whole), st.lists(whole))
def test_columns_come_back_as_they_were(a, b):
    assert unpack(pack({"a": np.array(a, int), "b": np.array(b, int)})) == {"a": a, "b": b}


def test_a_column_that_does_not_fit_is_refused():
    with pytest.raises(OverflowError, match="'a'"):
        pack({"a": np.array([2**31])})


def wavy(n=40, fixes=300):
    rng = np.random.default_rng(4)
    tracks = []
    for i in range(n):
        along = np.arange(fixes) * 0.01
        bend = 0.3 * np.sin(along * 2 + i) + rng.normal(0, 2e-5, fixes)
        # Every third crosses the antimeridian.
        lon = 179 + along if i % 3 == 0 else along + i
        lon = np.where(lon > 180, lon - 360, lon)
        tracks.append(flight(f"F{i}", np.stack([45 + bend, lon], 1), every=10))
    return Flights.from_trajectories(tracks)


def test_thinning_errs_by_no_more_than_it_says():
    flights = wavy()
    thinned = thin(flights, 3000)
    kept = thinned.flights
    assert kept.fixes <= 3000
    assert thinned.fixes_left_out == flights.fixes - kept.fixes
    assert thinned.flights_left_out == 0
    worst = 0.0
    for whole_track, track in zip(flights, kept, strict=True):
        assert track.time[0] == whole_track.time[0]
        assert track.time[-1] == whole_track.time[-1]
        leg = np.searchsorted(track.time, whole_track.time, side="right") - 1
        leg = np.minimum(leg, len(track.time) - 2)
        share = (whole_track.time - track.time[leg]) / (track.time[leg + 1] - track.time[leg])
        azimuth, _, far = GEOD.inv(
            track.lon[leg], track.lat[leg], track.lon[leg + 1], track.lat[leg + 1]
        )
        lon, lat, _ = GEOD.fwd(track.lon[leg], track.lat[leg], azimuth, far * share)
        worst = max(worst, GEOD.inv(lon, lat, whole_track.lon, whole_track.lat)[2].max())
    # The sphere that a page is drawn on differs from the ellipsoid by up to 0.6 %.
    assert worst == pytest.approx(thinned.metres, rel=0.01)
    assert worst > 1


def test_thinning_leaves_conflicts_whole():
    flights = wavy()
    start, end = NOON + 500 * 10**9, NOON + 900 * 10**9
    track = thin(flights, 3000, whole=[(7, start, end)]).flights[7]
    inside = track.time[(track.time >= start) & (track.time <= end)]
    assert len(inside) == 41


def test_thinning_leaves_out_flights_only_when_it_must():
    flights = wavy()
    thinned = thin(flights, 60, needed=[3, 39])
    assert thinned.flights_left_out == len(flights) - len(thinned.flights) > 0
    assert {"F3", "F39"} <= set(thinned.flights.ids)
    assert [flights.ids[i] for i in thinned.kept] == thinned.flights.ids


def test_a_page_says_what_is_thinned(tmp_path):
    flights = wavy()
    found = conflicts(conflict("F3", "F39", 900, (45, 3)))
    write_conflict_chart(flights, found, tmp_path / "a.html", most_fixes=60)
    text = (tmp_path / "a.html").read_text()
    assert re.search(r"of 12,000 fixes: those left out lie within \d", text)
    assert re.search(r"\d+ of 40 flights are not drawn; none of them is in a conflict", text)
    write_conflict_chart(flights, found, tmp_path / "b.html")
    assert "left out" not in (tmp_path / "b.html").read_text().split('id="data-about"')[1][:500]


def test_a_recorded_day_is_a_small_page_with_every_fix(tmp_path):
    flights = read_flights(DAY, party="airline")
    write_conflict_chart(flights, conflicts(), tmp_path / "day.html")
    text = (tmp_path / "day.html").read_text()
    assert f'["lat",{flights.fixes}]' in text
    assert len(text) < 1_500_000


class Scripts(HTMLParser):
    """The text of each script and style, as a browser's parser would cut them."""

    def __init__(self, text):
        super().__init__()
        self.parts, self.tags, self.open = [], [], False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag in ("script", "style"):
            self.parts.append((tag, dict(attrs), ""))
            self.open = True

    def handle_endtag(self, tag):
        self.open = False

    def handle_data(self, data):
        if self.open:
            tag, attrs, text = self.parts[-1]
            self.parts[-1] = (tag, attrs, text + data)


def test_only_the_pages_own_scripts_may_run(tmp_path):
    flights, found = crossing()
    write_conflict_chart(flights, found, tmp_path / "page.html", title=HOSTILE)
    text = (tmp_path / "page.html").read_text()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)[1]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    page = Scripts(text)
    code = [t for tag, attrs, t in page.parts if tag == "style" or "type" not in attrs]
    assert len(code) == 3
    for part in code:
        digest = base64.b64encode(hashlib.sha256(part.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert "img" not in page.tags
    assert "http://" not in "".join(code).replace("http://www.w3.org", "")


def test_the_same_input_gives_the_same_bytes(tmp_path):
    flights, found = crossing()
    for name in ("a", "b"):
        write_conflict_chart(flights, found, tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_conflict_of_unknown_flights_is_refused_and_nothing_written(tmp_path):
    flights, _ = crossing()
    with pytest.raises(InputError, match="'NOBODY'") as caught:
        write_conflict_chart(
            flights, conflicts(conflict("EAST1", "NOBODY", 1, (0, 0))), tmp_path / "page.html"
        )
    assert (caught.value.row, caught.value.field) == (1, "b")
    assert list(tmp_path.iterdir()) == []


def test_a_page_in_a_missing_folder_is_refused(tmp_path):
    flights, found = crossing()
    with pytest.raises(InputError, match="cannot be written"):
        write_conflict_chart(flights, found, tmp_path / "none" / "page.html")


def test_constraints_and_a_second_set_are_drawn(tmp_path):
    flights, _ = crossing()
    other = Flights.from_trajectories([flight("EAST1", [(46.5, 9), (46.5, 7)], party="Other")])
    closed = Volume("ZONE", Circle(46.5, 8.0, 20000.0), Altitude(30000.0))
    write_conflict_chart(
        flights,
        conflicts(
            conflict("EAST1", "EAST1", 600, (46.5, 8.0)),
            conflict("NORTH2", "FIRE", 600, (46.5, 8.0), kind="flight-volume"),
        ),
        tmp_path / "page.html",
        volumes=[Constraint("FIRE", (closed, closed), reason="smoke")],
        against=other,
    )
    text = (tmp_path / "page.html").read_text()
    assert text.count('"lower":"FL300","upper":"unlimited"') == 2
    assert '"reason":"smoke"' in text
    assert '"EAST1","NORTH2"' in text
    assert '"Other"' in text


def test_a_conflict_without_end_is_drawn_within_the_time_of_the_flights(tmp_path):
    flights, _ = crossing()
    zones = [Volume("OPEN", Circle(46.5, 8.0, 20000.0)), Volume("WIDE", Circle(46.5, 8.1, 20000.0))]
    found = detect_conflicts(flights, volumes=zones)
    ends = found.table["exit"].cast("int64").to_pylist()
    assert max(ends) > NOON + 10**18  # nobody said when the zones end
    write_conflict_chart(flights, found, tmp_path / "page.html", volumes=zones)
    block = re.search(r'id="data-conflicts">(.*?)</script>', (tmp_path / "page.html").read_text())
    columns = unpack(json.loads(block[1])["packed"])
    assert max(columns["exit"]) == 20 * 60 * 1000
    assert min(columns["entry"]) == 0
    row = found.table["kind"].to_pylist().index("volume-volume")
    assert columns["beyond"][row] == 3
    assert sum(columns["beyond"]) == 3
