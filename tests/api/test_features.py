"""The airspace as layers of a GIS, opened by the clients that a GIS has: GDAL and OWSLib."""

import math
import os
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pyogrio
import pytest
import shapely
from owslib.ogcapi.features import Features

os.environ.setdefault("NO_PROXY", "127.0.0.1,localhost")

SOON = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=2)
LATER = SOON + timedelta(hours=1)


def at(time):
    return time.isoformat().replace("+00:00", "Z")


def path(lat, lon, alt=35_000.0):
    return {
        "start": at(SOON), "seconds": [0, 1800], "lat": list(lat), "lon": list(lon),
        "alt": [alt, alt],
    }  # fmt: skip


def box(south, west, north, east, lower=10_000, upper=20_000):
    return {
        "corners": [[south, west], [south, east], [north, east], [north, west]],
        "lower": lower, "upper": upper, "start": at(SOON), "end": at(LATER),
    }  # fmt: skip


@pytest.fixture(scope="module")
def airspace(service):
    """Two parties' flights, one across the antimeridian, one of volumes, and two constraints."""
    service.register("north", "south")
    key = iter(range(1000))

    def put(client, url, body):
        answer = client.put(url, json=body, headers={"Idempotency-Key": f"f{next(key)}"})
        assert answer.status_code == 200, answer.text
        return answer.json()

    with service.client("party", "north") as north, service.client("party", "south") as south:
        put(north, "/v1/intents/alps", {"extent": path((46.0, 47.0), (7.0, 9.0))})
        put(north, "/v1/intents/pacific", {"extent": path((10.0, 12.0), (179.0, -178.0))})
        put(
            north,
            "/v1/intents/field",
            {"extent": [box(45.0, 5.0, 45.5, 5.5), box(45.0, 5.5, 45.5, 6.0)]},
        )
        put(south, "/v1/intents/secret-one", {"extent": path((50.0, 51.0), (4.0, 6.0))})
    with service.client("authority", "tower") as authority:
        put(
            authority,
            "/v1/constraints/fire",
            {"volumes": [box(60.0, 179.0, 61.0, -179.0)], "reason": "fire"},
        )
        put(authority, "/v1/constraints/range",
            {"volumes": [{"centre": [48.0, 11.0], "radius": 20_000}], "effect": "limited",
             "permitted": ["north"]})  # fmt: skip
        for event, how in (("over-the-alps", {"public": True}), ("not-told", {})):
            what = {
                "id": event,
                "description": "It is said.",
                "start": at(SOON),
                "end": at(LATER),
                "corners": [[46, 7], [46, 9], [47, 9]],
                "questions": [["flown", "Was it?"]],
            }
            put(authority, f"/v1/occurrences/{event}", {"occurrence": what, **how})
        nowhere = {"id": "nowhere", "description": "It is said.", "start": at(SOON),
                   "end": at(LATER)}  # fmt: skip
        put(authority, "/v1/occurrences/nowhere", {"occurrence": nowhere, "public": True})
        answer = authority.post("/v1/watch", json=SEEN, headers={"Idempotency-Key": "seen"})
        assert answer.status_code == 200, answer.text
    return service


SEEN = {
    "tracks": [
        {
            "id": "t1", "conformance": "nonconforming", "first": at(SOON), "intent": "north/alps",
            "fix": [at(LATER), 46.5, 8.0, 35_100.0, None, 60.0], "course": 53.0,
            "deviation": {"lateral": 9_800.0}, "sources": ["radar", "sbs"],
        },
        {"id": "t2", "conformance": "undeclared", "first": at(SOON), "ended": True,
         "fix": [at(SOON), -10.0, 179.9, None, None, 200.0]},
    ],
    "alerts": [
        {
            "id": "near", "a": "track:t1", "b": "intent:south/secret-one", "start": at(LATER),
            "closest": 900.0,
            "avoid": [
                {"party": party, "intent": intent, "volume": box(46.0, 7.0, 47.0, 8.0)}
                for party, intent in (("north", "alps"), ("south", "secret-one"))
            ],
        },
    ],
}  # fmt: skip
"""What the watch reports: two aircraft, and one warning for two parties."""


@contextmanager
def asking(service, role, subject):
    """Let GDAL's OAPIF driver ask with somebody's token; give what it opens."""
    options = {"GDAL_HTTP_AUTH": "BEARER", "GDAL_HTTP_BEARER": service.token(role, subject)}
    pyogrio.set_gdal_config_options(options)
    try:
        yield f"OAPIF:{service.url}/features"
    finally:
        pyogrio.set_gdal_config_options(dict.fromkeys(options))


def layer(service, name, role="party", subject="north", **options):
    """Open a layer with GDAL."""
    with asking(service, role, subject) as url:
        return pyogrio.raw.read(url, layer=name, **options)


def rows(read):
    meta, _, geometry, fields = read
    names = list(meta["fields"])
    return [
        (shapely.from_wkb(shape), dict(zip(names, values, strict=True)))
        for shape, *values in zip(geometry, *fields, strict=True)
    ]


def test_gdal_lists_what_the_caller_has(airspace):
    def names(role, subject):
        with asking(airspace, role, subject) as url:
            return {str(row[0]) for row in pyogrio.list_layers(url)}

    own = {"constraints", "intents", "alerts", "events"}
    assert names("party", "north") == {*own, "shared"}
    assert names("authority", "tower") == {*own, "conflicts", "tracks"}
    assert names("observer", "press") == {"constraints", "events"}


def test_gdal_reads_a_partys_own_flights_and_no_others(airspace):
    found = rows(layer(airspace, "intents"))
    assert len(found) == 3
    shapes = sorted(shape.geom_type for shape, _ in found)
    assert shapes == ["LineString", "MultiLineString", "MultiPolygon"]
    assert {facts["state"] for _, facts in found} == {"accepted"}
    assert "secret" not in repr(found)
    alps = next(shape for shape, _ in found if shape.geom_type == "LineString")
    assert shapely.equals_exact(alps, shapely.LineString([(7, 46), (9, 47)]), tolerance=1e-6)


def test_gdal_reads_all_flights_for_the_authority(airspace):
    found = rows(layer(airspace, "intents", "authority", "tower"))
    assert sorted(facts["party"] for _, facts in found) == ["north"] * 3 + ["south"]


def test_gdal_reads_what_was_seen_for_the_authority(airspace):
    found = dict(zip(("t1", "t2"), rows(layer(airspace, "tracks", "authority", "tower")),
                     strict=True))  # fmt: skip
    assert [shape.wkt for shape, _ in found.values()] == ["POINT (8 46.5)", "POINT (179.9 -10)"]
    facts = found["t1"][1]
    assert facts["conformance"] == "nonconforming"
    assert facts["intent"] == "north/alps"
    assert (facts["course_deg"], facts["pressure_ft"], facts["lateral_m"]) == (53, 35_100, 9_800)
    assert facts["sources"] == "radar, sbs"
    assert found["t2"][1]["ended"]
    assert math.isnan(found["t2"][1]["pressure_ft"])  # not known


def test_a_partys_alerts_are_its_own(airspace):
    (own,) = rows(layer(airspace, "alerts"))
    assert own[0].geom_type == "Polygon"
    assert own[1]["intent"] == "alps"
    assert own[1]["lower_ft"] == 10_000
    assert "secret" not in repr(own)
    assert "t1" not in repr(own)
    ((_, whole),) = rows(layer(airspace, "alerts", "authority", "tower"))
    assert (whole["a"], whole["warned"], whole["closest_m"]) == ("track:t1", "north, south", 900)


def test_events_that_have_a_place_are_for_who_may_see_them(airspace):
    for role, subject in (("party", "south"), ("observer", "press")):
        ((shape, facts),) = rows(layer(airspace, "events", role, subject))
        assert shape.geom_type == "Polygon"
        assert facts["question"] == "Was it?"
        assert "lower_ft" not in facts
    assert len(rows(layer(airspace, "events", "authority", "tower"))) == 2


def test_what_was_seen_is_narrowed_by_area_and_time(airspace):
    with airspace.client("authority", "tower") as client:

        def found(**narrow):
            answer = client.get("/features/collections/tracks/items", params=narrow)
            assert answer.status_code == 200, answer.text
            return [feature["id"] for feature in answer.json()["features"]]

        assert found() == ["t1", "t2"]
        assert found(bbox="170,-20,-170,0") == ["t2"]
        assert found(datetime=f"{at(SOON + timedelta(minutes=30))}/..") == ["t1"]
        assert found(limit=1, offset=1) == ["t2"]


def test_what_crosses_the_antimeridian_is_cut_there(airspace):
    fire = next(s for s, facts in rows(layer(airspace, "constraints")) if facts["reason"] == "fire")
    assert fire.geom_type == "MultiPolygon"
    assert fire.is_valid
    west, _, east, _ = fire.bounds
    assert (west, east) == (-180.0, 180.0)
    assert fire.area == pytest.approx(2.0, rel=0.02)  # square degrees: 2 by 1


def test_a_layer_is_narrowed_by_area(airspace):
    assert len(rows(layer(airspace, "intents", bbox=(6.0, 45.9, 10.0, 48.0)))) == 1
    assert len(rows(layer(airspace, "constraints", bbox=(-180.0, 59.0, -179.5, 62.0)))) == 1


def test_owslib_reads_it_too(airspace):
    token = airspace.token("party", "north")
    service = Features(f"{airspace.url}/features", headers={"Authorization": f"Bearer {token}"})
    assert (
        "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core"
        in (service.conformance()["conformsTo"])
    )
    assert set(service.feature_collections()) == {
        "constraints", "intents", "shared", "alerts", "events",
    }  # fmt: skip
    page = service.collection_items("intents", limit=2)
    assert page["numberReturned"] == 2
    assert page["numberMatched"] == 3
    assert any(link["rel"] == "next" for link in page["links"])
    one = service.collection_item("constraints", "range")
    assert one["properties"]["permitted"] is True
    assert one["geometry"]["type"] == "Polygon"


def test_paging_gives_each_feature_once(airspace):
    with airspace.client("party", "north") as client:
        url, seen = "/features/collections/intents/items?limit=1", []
        while url:
            page = client.get(url).json()
            seen += [feature["id"] for feature in page["features"]]
            url = next((x["href"] for x in page["links"] if x["rel"] == "next"), None)
    assert seen == ["alps", "field", "pacific"]


def test_a_time_narrows(airspace):
    with airspace.client("party", "north") as client:

        def count(when):
            answer = client.get("/features/collections/intents/items", params={"datetime": when})
            assert answer.status_code == 200, answer.text
            return answer.json()["numberMatched"]

        assert count(at(SOON + timedelta(minutes=10))) == 3
        assert count(f"{at(SOON + timedelta(minutes=40))}/..") == 1
        assert count(f"../{at(SOON - timedelta(hours=1))}") == 0


@pytest.mark.parametrize(
    "query",
    [
        "bbox=1,2,3",
        "bbox=nan,0,1,1",
        "bbox=0,10,1,5",
        "datetime=yesterday",
        "datetime=2026-07-01T00:00:00",
        "limit=0",
        "colour=red",
    ],
)
def test_a_query_that_cannot_be_is_refused_by_name(airspace, query):
    with airspace.client("party", "north") as client:
        answer = client.get(f"/features/collections/intents/items?{query}")
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_layer_that_is_not_ones_own_is_unknown(airspace):
    with airspace.client("party", "north") as client:
        hidden = client.get("/features/collections/conflicts")
        none = client.get("/features/collections/conflictz")
    assert hidden.status_code == none.status_code == 404
    assert hidden.json()["detail"].replace("conflicts", "") == (
        none.json()["detail"].replace("conflictz", "")
    )
