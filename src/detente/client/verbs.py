"""All that a client can do, written once for both kinds of client."""

from detente.client import airspace as _airspace
from detente.client import charter as _charter
from detente.client import constraints as _constraints
from detente.client import cycles as _cycles
from detente.client import events as _events
from detente.client import intents as _intents
from detente.client import parties as _parties
from detente.client import record as _record
from detente.client import watch as _watch
from detente.client.verb import Each, Follow, Verb

__all__ = ["Verbs"]


class Verbs:
    """What may be asked of the service; each verb says in its own words what it does."""

    file = Verb(_intents.file)
    amend = Verb(_intents.amend)
    activate = Verb(_intents.activate)
    end = Verb(_intents.end)
    withdraw = Verb(_intents.withdraw)
    nonconforming = Verb(_intents.nonconforming)
    contingency = Verb(_intents.contingency)
    take = Verb(_intents.take)
    intent = Verb(_intents.intent)
    intents = Each(_intents.intents)
    alternatives = Verb(_intents.alternatives)

    charter = Verb(_charter.charter)

    constraints = Each(_constraints.constraints)
    constraint = Verb(_constraints.constraint)
    publish = Verb(_constraints.publish)
    amend_constraint = Verb(_constraints.amend_constraint)
    lift = Verb(_constraints.lift)

    parties = Each(_parties.parties)
    party = Verb(_parties.party)
    register = Verb(_parties.register)
    suspend = Verb(_parties.suspend)
    reinstate = Verb(_parties.reinstate)

    coalitions = Verb(_parties.coalitions)
    form = Verb(_parties.form)
    invite = Verb(_parties.invite)
    join = Verb(_parties.join)
    leave = Verb(_parties.leave)
    dismiss = Verb(_parties.dismiss)
    shared = Verb(_parties.shared)

    cycles = Each(_cycles.cycles)
    plan = Verb(_cycles.plan)
    preview = Verb(_cycles.preview)
    open_cycle = Verb(_cycles.open_cycle)
    close_cycle = Verb(_cycles.close_cycle)

    every_intent = Each(_airspace.every_intent)
    any_intent = Verb(_airspace.any_intent)
    conflicts = Each(_airspace.conflicts)
    override = Verb(_airspace.override)
    hold = Verb(_airspace.hold)
    release = Verb(_airspace.release)
    impose = Verb(_airspace.impose)

    name_aircraft = Verb(_watch.name_aircraft)
    observe = Verb(_watch.observe)
    tracks = Each(_watch.tracks)
    track = Verb(_watch.track)
    indicate = Verb(_watch.indicate)
    unseen = Verb(_watch.unseen)
    alerts = Verb(_watch.alerts)
    every_alert = Verb(_watch.every_alert)

    occurrences = Each(_record.occurrences)
    every_occurrence = Each(_record.every_occurrence)
    occurrence = Verb(_record.occurrence)
    enter_occurrence = Verb(_record.enter_occurrence)
    amend_occurrence = Verb(_record.amend_occurrence)
    report = Verb(_record.report)
    statements = Each(_record.statements)
    every_statement = Each(_record.every_statement)
    enter_statement = Verb(_record.enter_statement)
    share_statement = Verb(_record.share_statement)
    grade_statement = Verb(_record.grade_statement)

    past = Verb(_watch.past)
    known = Verb(_watch.known)
    entries = Each(_airspace.entries)
    head = Verb(_airspace.head)
    notices = Each(_events.notices)
    events = Follow(_events.events)
    outcomes = Follow(_events.outcomes)
    webhook = Verb(_events.webhook)
    set_webhook = Verb(_events.set_webhook)
    resume_webhook = Verb(_events.resume_webhook)
    remove_webhook = Verb(_events.remove_webhook)
