"""Coalitions: who is in them, and what their members show each other."""

from litestar import Controller, delete, get, post, put
from msgspec import Struct

from detente.api.answers import Asked, Key, Make, by_authority, membership
from detente.api.caller import Role, may
from detente.api.counter import Counter
from detente.api.problem import ProblemError
from detente.authority import Outcome, Sharing, State
from detente.authority import command as c
from detente.authority.disclosure import (
    Belonging,
    Message,
    SharedIntent,
    SharedVolumes,
    coalitions_of,
    memberships_of,
    of_coalition,
    shared_with,
)
from detente.authority.register import Coalition

__all__ = [
    "CoalitionsController",
    "Formation",
    "FormedController",
    "Invitation",
    "Membership",
    "MembershipsController",
    "Roll",
    "SharedController",
]


class Formation(Struct, frozen=True, forbid_unknown_fields=True):
    """A coalition: its name in words, and who may join."""

    name: str = ""
    invited: tuple[str, ...] = ()


class Invitation(Struct, frozen=True, forbid_unknown_fields=True):
    """Parties that may join."""

    parties: tuple[str, ...]


class Membership(Struct, frozen=True, forbid_unknown_fields=True):
    """What a member lets the others see of its intents: nothing, volumes, or intents."""

    shares: Sharing = Sharing.NOTHING


class Roll(Struct, frozen=True):
    """A coalition and its members."""

    coalition: str
    members: tuple[str, ...]


class SharedController(Controller):
    """``/v1/shared``: what other members share with the caller."""

    path = "/v1/shared"
    tags = ("coalitions",)

    @get(guards=[may("member")])
    async def many(self, request: Asked, counter: Counter) -> list[SharedIntent | SharedVolumes]:
        """List what other members of the caller's coalitions share with it."""
        party = request.user.subject
        return await counter.read(lambda state: shared_with(state, party))


class MembershipsController(Controller):
    """``/v1/memberships``: what the caller belongs to, and may."""

    path = "/v1/memberships"
    tags = ("coalitions",)

    @get(guards=[may("member")])
    async def many(self, request: Asked, counter: Counter) -> list[Belonging]:
        """List the caller's coalitions, what it shares in each, and its invitations."""
        party = request.user.subject
        return await counter.read(lambda state: memberships_of(state, party))


class FormedController(Controller):
    """``/v1/airspace/coalitions``: whole, with who is invited and what each member shares."""

    path = "/v1/airspace/coalitions"
    tags = ("coalitions",)

    @get(guards=[may("register")])
    async def many(self, counter: Counter) -> list[Coalition]:
        """List every coalition, by identifier."""
        return await counter.read(lambda state: [x for _, x in sorted(state.coalitions.items())])


class CoalitionsController(Controller):
    """``/v1/coalitions``."""

    path = "/v1/coalitions"
    tags = ("coalitions",)

    @get(guards=[may("read")])
    async def many(self, request: Asked, counter: Counter) -> list[Roll]:
        """List the caller's coalitions; the authority's are all of them."""
        caller = request.user

        def question(state: State) -> list[Roll]:
            if caller.role is Role.PARTY:
                return [Roll(id, who) for id, who in coalitions_of(state, caller.subject).items()]
            return [
                Roll(x.id, tuple(sorted(x.members)))
                for x in sorted(state.coalitions.values(), key=lambda x: x.id)
                if caller.role is Role.AUTHORITY
                or (caller.role is Role.LEAD and x.id == caller.subject)
            ]

        return await counter.read(question)

    @put("/{coalition:str}", guards=[may("register")], status_code=200)
    async def form(
        self, request: Asked, counter: Counter, coalition: str, data: Formation, key: Key
    ) -> Outcome:
        """Name a coalition, and who may join it."""
        return await by_authority(
            counter,
            request,
            key,
            lambda **k: c.FormCoalition(
                coalition=coalition, name=data.name, invited=data.invited, **k
            ),
        )

    @post("/{coalition:str}/invitations", guards=[may("lead")], status_code=200)
    async def invite(
        self, request: Asked, counter: Counter, coalition: str, data: Invitation, key: Key
    ) -> Message:
        """Let more parties join."""
        return await _by_lead(
            counter,
            request,
            key,
            coalition,
            lambda **k: c.Invite(coalition=coalition, parties=data.parties, **k),
        )

    @put("/{coalition:str}/membership", guards=[may("member")], status_code=200)
    async def join(
        self, request: Asked, counter: Counter, coalition: str, data: Membership, key: Key
    ) -> Message:
        """Be a member, and say what the others may see; again, to change that."""
        return await membership(
            counter,
            request,
            key,
            lambda **k: c.Join(coalition=coalition, shares=data.shares, **k),
        )

    @delete("/{coalition:str}/membership", guards=[may("member")], status_code=200)
    async def leave(self, request: Asked, counter: Counter, coalition: str, key: Key) -> Message:
        """Be a member no more."""
        return await membership(
            counter, request, key, lambda **k: c.Leave(coalition=coalition, **k)
        )

    @delete("/{coalition:str}/members/{party:str}", guards=[may("lead")], status_code=200)
    async def dismiss(
        self, request: Asked, counter: Counter, coalition: str, party: str, key: Key
    ) -> Message:
        """Let a party be a member no more."""
        return await _by_lead(
            counter,
            request,
            key,
            coalition,
            lambda **k: c.Leave(coalition=coalition, party=party, **k),
        )


async def _by_lead(
    counter: Counter, request: Asked, key: str, coalition: str, make: Make
) -> Message:
    """Have the authority, or a lead in its own coalition, decide; another looks like none."""
    caller = request.user
    if caller.role is not Role.LEAD:
        told = of_coalition(await by_authority(counter, request, key, make))
        if told is None:
            raise ProblemError("fault", "no answer about the coalition")
        return told
    if caller.subject != coalition:
        raise ProblemError("unknown", f"no coalition {coalition!r}", field="coalition")
    return await membership(counter, request, key, make)
