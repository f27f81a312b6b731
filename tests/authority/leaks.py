"""Leaks, made on purpose: each tells A something of what others plan, in another way."""

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from detente.authority import command as c
from detente.authority import (
    decision,
    disclosure,
    evolution,
    filing,
    flying,
    recording,
    watching,
)
from detente.authority import event as e
from detente.authority.disclosure import Notice, View
from detente.authority.extent import span
from detente.authority.offers import point
from detente.authority.register import Intent, IntentState, Offer
from detente.authority.rejection import Rejected
from detente.ledger import desk, past
from detente.ledger.past import PastView

Patch = pytest.MonkeyPatch
Leak = Callable[[Patch], None]


def positions_for_numbers(patch: Patch) -> None:
    """A notice bears the ledger's position."""
    told = desk.told

    def leaking(state: Any, outcome: Any, position: int, party: str) -> Notice:
        return replace(told(state, outcome, position, party), number=position)

    patch.setattr(desk, "told", leaking)


def a_count_of_all(patch: Patch) -> None:
    """A view counts what everybody was told."""
    view = desk.view

    def leaking(state: Any, party: str) -> View:
        return replace(view(state, party), notices=state.position)

    patch.setattr(desk, "view", leaking)


def versions_that_all_share(patch: Patch) -> None:
    """One counter gives the versions of everybody's intents."""
    judge = filing.judge

    def leaking(state: Any, *args: Any, **kw: Any) -> Any:
        return tuple(
            replace(event, version=state.position + 1) for event in judge(state, *args, **kw)
        )

    patch.setattr(filing, "judge", leaking)


def what_was_met(patch: Patch) -> None:
    """A refusal names what is in the way."""
    own = disclosure._own_event

    def leaking(event: Any) -> Any:
        met = ",".join(getattr(event, "met", ()))
        return replace(own(event), reason=met) if met else own(event)

    patch.setattr(disclosure, "_own_event", leaking)


def who_displaced_it(patch: Patch) -> None:
    """What is held is told because of which other intent."""
    own = disclosure._own

    def leaking(intent: Intent) -> Any:
        return replace(own(intent), reason=intent.cause.of if intent.cause else "")

    patch.setattr(disclosure, "_own", leaking)


def a_cause_kept_with_what_was_met(patch: Patch) -> None:
    """What is read back later says what was in the way, which no notice did."""
    refused = evolution._EVOLVE[e.IntentRefused]

    def leaking(state: Any, event: Any, outcome: Any) -> None:
        refused(state, event, outcome)
        known = state.intents[event.name]
        state.put("intents", event.name, replace(known, reason=",".join(event.met)))

    patch.setitem(evolution._EVOLVE, e.IntentRefused, leaking)


def offers_of_the_others_shape(patch: Patch) -> None:
    """An alternative begins when the other flight is over."""
    offers_for = filing.offers_for

    def leaking(state: Any, intent: Any, extent: Any, at: Any) -> tuple[Offer, ...]:
        met = state.met(intent, extent).intents
        ends = [span(state.intents[name].extent)[1] for name in met]
        own = [point(int((end - at).total_seconds()) + 1, 0.0, 0.0, 1.0, 7, None) for end in ends]
        return (*offers_for(state, intent, extent, at), *own)

    patch.setattr(filing, "offers_for", leaking)


def costs_of_what_is_near(patch: Patch) -> None:
    """The same alternative costs more where more is in the way."""
    offers_for = filing.offers_for

    def leaking(state: Any, intent: Any, extent: Any, at: Any) -> tuple[Offer, ...]:
        many = len(state.intents)
        return tuple(
            replace(offer, cost=offer.cost + many)
            for offer in offers_for(state, intent, extent, at)
        )

    patch.setattr(filing, "offers_for", leaking)


def a_stranger_that_is_known(patch: Patch) -> None:
    """What another has is not unknown, but somebody else's."""
    find = flying.intent_of

    def leaking(state: Any, party: str, id: str, version: int) -> Intent:
        if any(intent.id == id and intent.party != party for intent in state.intents.values()):
            raise Rejected("unknown", "that is another's", field="intent")
        return find(state, party, id, version)

    patch.setattr(flying, "intent_of", leaking)


def sums_of_a_cycle(patch: Patch) -> None:
    """The airspace use plan is published with how many it took."""
    message = disclosure._message

    def leaking(event: Any, **facts: Any) -> Any:
        if isinstance(event, e.CyclePublished):
            facts["accepted"] = str(event.accepted)
        return message(event, **facts)

    patch.setattr(disclosure, "_message", leaking)


def ends_when_others_file(patch: Patch) -> None:
    """What is over ends as soon as anybody files."""
    file = decision.PARTY[c.File]

    def leaking(state: Any, ask: Any) -> Any:
        over = [
            flying.expired(i)
            for i in state.intents.values()
            if i.party != ask.by and i.stands and span(i.extent)[1] <= ask.at
        ]
        return (*over, *file(state, ask))

    patch.setitem(decision.PARTY, c.File, leaking)


def notices_of_everything(patch: Patch) -> None:
    """All are sent a notice of each event, if only an empty one."""
    patch.setattr(evolution, "hearers", lambda state, event, outcome: tuple(state.parties))


def everything_of_a_member(patch: Patch) -> None:
    """What a member does not share is seen all the same."""
    view = desk.view

    def leaking(state: Any, party: str) -> View:
        seen = view(state, party)
        members = {m for all_of in seen.coalitions.values() for m in all_of} - {party}
        stands = sum(i.party in members and i.state is IntentState.ACCEPTED
                     for i in state.intents.values())  # fmt: skip
        return replace(seen, notices=seen.notices + stands)

    patch.setattr(desk, "view", leaking)


def _counting(patch: Patch, table: str) -> None:
    view = desk.view

    def leaking(state: Any, party: str) -> View:
        return replace(view(state, party), notices=len(getattr(state, table)))

    patch.setattr(desk, "view", leaking)


def a_count_of_tracks(patch: Patch) -> None:
    """A view counts what was seen."""
    _counting(patch, "tracks")


def a_count_of_alerts(patch: Patch) -> None:
    """A view counts all that are warned."""
    _counting(patch, "alerts")


def warnings_that_change_for_others(patch: Patch) -> None:
    """Who is warned hears again when the other is to avoid something else."""
    warnings = watching._warnings

    def leaking(state: Any, alert: Any) -> Any:
        return [
            replace(event, told=tuple(avoid.handle for avoid in event.alert.avoid))
            if isinstance(event, e.AlertRaised) else event
            for event in warnings(state, alert)
        ]  # fmt: skip

    patch.setattr(watching, "_warnings", leaking)


def handles_of_what_is_met(patch: Patch) -> None:
    """A warning is called by what is in the way."""
    handled = watching._handled

    def leaking(state: Any, alert: Any, avoid: Any) -> Any:
        return replace(handled(state, alert, avoid), handle=f"{alert.a}/{alert.b}/{avoid.party}")

    patch.setattr(watching, "_handled", leaking)


def statements_of_all(patch: Patch) -> None:
    """What was said is shown to everybody."""
    patch.setattr(disclosure, "is_open", lambda record, party: True)


def events_that_are_known(patch: Patch) -> None:
    """Who speaks of what it may not see is not told that it is unknown."""
    patch.setattr(recording, "is_open", lambda record, party: True)


def intents_that_are_known(patch: Patch) -> None:
    """Who speaks of another's intent learns whether there is one."""
    check = recording._check_subject

    def leaking(state: Any, about: Any, by: str) -> None:
        if about.id not in state.intents:
            check(state, about, by)

    patch.setattr(recording, "_check_subject", leaking)


def grades_told(patch: Patch) -> None:
    """A statement is shown with what the authority thinks of it."""
    statement = disclosure._statement

    def leaking(said: Any) -> Any:
        return replace(statement(said), by=f"{said.by} {said.grade}")

    patch.setattr(disclosure, "_statement", leaking)


def tracks_of_an_event(patch: Patch) -> None:
    """An event is told with what was seen of it."""
    occurrence = disclosure._occurrence

    def leaking(what: Any, version: int) -> Any:
        return replace(occurrence(what, version), place=" ".join(what.tracks))

    patch.setattr(disclosure, "_occurrence", leaking)


def a_past_by_the_ledgers_count(patch: Patch) -> None:
    """What A knew at a time says how long the ledger was then."""
    ask = PastView.ask

    def leaking(looking: PastView, at: Any, party: str) -> View:
        known = ask(looking, at, party)
        return replace(known, notices=looking._looks[party].position)

    patch.setattr(PastView, "ask", leaking)


def a_past_of_all_that_was_filed(patch: Patch) -> None:
    """What others filed is at hand when A looks back, and shown with what is shared."""
    view = past.view

    def leaking(state: Any, party: str) -> View:
        known = view(state, party)
        all_of_them = [disclosure._own(i) for _, i in sorted(state.intents.items())]
        return replace(known, intents=tuple(all_of_them))

    patch.setattr(past, "sharing_with", lambda state, party: set(state.parties) - {party})
    patch.setattr(past, "view", leaking)


LEAKS: tuple[Leak, ...] = (
    positions_for_numbers,
    a_count_of_all,
    versions_that_all_share,
    what_was_met,
    who_displaced_it,
    a_cause_kept_with_what_was_met,
    offers_of_the_others_shape,
    costs_of_what_is_near,
    a_stranger_that_is_known,
    sums_of_a_cycle,
    ends_when_others_file,
    notices_of_everything,
    everything_of_a_member,
    a_count_of_tracks,
    a_count_of_alerts,
    warnings_that_change_for_others,
    handles_of_what_is_met,
    statements_of_all,
    events_that_are_known,
    intents_that_are_known,
    grades_told,
    tracks_of_an_event,
    a_past_by_the_ledgers_count,
    a_past_of_all_that_was_filed,
)
