"""Coalitions over HTTP: a lead invites and dismisses in its own, and nowhere else."""

import pytest

from detente.authority import Sharing


@pytest.fixture(scope="module")
def ring(service):
    service.register("north", "south")
    with service.client("authority", "tower") as authority:
        for name in ("ring", "other"):
            put(authority, f"/v1/coalitions/{name}", {"invited": []})
    return service


def put(client, path, body, key="1"):
    answer = client.put(path, json=body, headers={"Idempotency-Key": f"{path}{key}"})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_lead_invites_and_dismisses(ring):
    with ring.client("lead", "ring") as lead, ring.client("party", "north") as north:
        invited = lead.post(
            "/v1/coalitions/ring/invitations",
            json={"parties": ["north"]},
            headers={"Idempotency-Key": "invite"},
        )
        assert invited.status_code == 200, invited.text
        assert invited.json()["kind"] == "PartiesInvited"
        before = [{"coalition": "ring", "members": [], "shares": None}]
        assert north.get("/v1/memberships").json() == before
        put(north, "/v1/coalitions/ring/membership", {"shares": Sharing.VOLUMES})
        after = [{"coalition": "ring", "members": ["north"], "shares": "volumes"}]
        assert north.get("/v1/memberships").json() == after
        with ring.client("party", "south") as south:
            assert south.get("/v1/memberships").json() == []
        with ring.client("authority", "tower") as authority:
            whole = authority.get("/v1/airspace/coalitions").json()
            assert {"id": "ring", "name": "ring", "invited": ["north"],
                    "members": {"north": "volumes"}} in whole  # fmt: skip
        assert lead.get("/v1/coalitions").json() == [{"coalition": "ring", "members": ["north"]}]
        for _ in range(2):  # the second is the same request again
            left = lead.delete(
                "/v1/coalitions/ring/members/north", headers={"Idempotency-Key": "dismiss"}
            )
            assert left.status_code == 200, left.text
            assert left.json()["facts"] == {"coalition": "ring", "party": "north"}
        assert lead.get("/v1/coalitions").json() == [{"coalition": "ring", "members": []}]


@pytest.mark.parametrize("coalition", ["other", "none"])
def test_another_coalition_is_unknown_to_a_lead(ring, coalition):
    with ring.client("lead", "ring") as lead:
        answer = lead.post(
            f"/v1/coalitions/{coalition}/invitations",
            json={"parties": ["north"]},
            headers={"Idempotency-Key": coalition},
        )
    assert answer.status_code == 404, answer.text


def test_a_party_that_is_no_member_cannot_be_dismissed(ring):
    with ring.client("lead", "ring") as lead:
        answer = lead.delete(
            "/v1/coalitions/ring/members/south", headers={"Idempotency-Key": "south"}
        )
    assert answer.status_code in (404, 409), answer.text


def test_the_authority_invites_and_dismisses_too(ring):
    with ring.client("authority", "tower") as authority, ring.client("party", "south") as south:
        invited = authority.post(
            "/v1/coalitions/other/invitations",
            json={"parties": ["south"]},
            headers={"Idempotency-Key": "invite-south"},
        )
        assert invited.json()["kind"] == "PartiesInvited"
        put(south, "/v1/coalitions/other/membership", {"shares": Sharing.NOTHING})
        left = authority.delete(
            "/v1/coalitions/other/members/south", headers={"Idempotency-Key": "dismiss-south"}
        )
        assert left.json()["kind"] == "CoalitionLeft"
