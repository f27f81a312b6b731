"""Reasons in words: what rule was applied to what."""

from collections.abc import Iterable

from detente.record.prose import listed, one_line, quoted
from detente.record.rule import Rule
from detente.record.standing import Answer, Reason, Standing
from detente.record.utterance import FACTS

__all__ = ["asked", "outcome_sentence", "reason_sentence"]


def asked(answer: Answer) -> str:
    """Give a question in words, else its scope."""
    return quoted(answer.question or answer.scope)


def outcome_sentence(answer: Answer) -> str:
    """Say how a question stands."""
    return f"{asked(answer)} stands {answer.standing.value}."


def reason_sentence(answer: Answer, reason: Reason) -> str:
    """Say one reason, with its rule's number."""
    rule = Rule(reason.rule)
    if rule >= Rule.CONTESTED:
        text = _decisive(answer, reason)
    else:
        what = _names((*reason.statements, *reason.tracks, *reason.intents))
        by = _names(reason.by)
        sides = _names(reason.sides) or "it"
        nothing = answer.scope in FACTS
        text = {
            Rule.SOURCE: f"{what} are by one side, {sides}: one source",
            Rule.REPEAT: f"{what} are one statement, told several times: it counts once",
            Rule.HEARSAY: f"{what}: an outlet quotes another; it counts as its origin",
            Rule.ANONYMOUS: f"{what}: said anonymously or off the record; it corroborates nothing",
            Rule.LATER: f"{what}: superseded by {by}",
            Rule.WITHDRAWAL: f"{what}: withdrawn by {by}",
            Rule.OF_STATEMENTS: f"{what}: said of another statement; it is quoted and changes "
            "nothing",
            Rule.FIRM: f"{what}: affirms firmly",
            Rule.WEAK: f"{what}: indicates, or hedges, and so affirms weakly",
            Rule.BOTH: f"{sides} both affirms and denies: it declares nothing, and does not "
            "contest itself",
            Rule.CANNOT_CONFIRM: f"{what}: cannot confirm; that affirms nothing and denies nothing",
            Rule.DID_NOT_COORDINATE: f"{what}: did not coordinate; that says nothing on this "
            "question"
            if nothing
            else f"{what}: did not coordinate; that denies this question",
            Rule.GRADE: f"{what}: counts for less, or for nothing, by the authority's grade",
            Rule.TRACK: f"{what}: a track affirms that something flew, not whose it was or what",
            Rule.FILED: f"{what}: accepted by the authority, so declared by its party",
            Rule.SYNTHETIC: f"{what}: synthetic, and the event is not; not counted",
        }[rule]
    return f"Rule {reason.rule}: {text}."


def _decisive(answer: Answer, reason: Reason) -> str:
    tracks = [f"track {one_line(id)}" for id in reason.tracks]
    affirming = [*(_firmly(answer, side) for side in answer.affirmed), *tracks]
    denying = [one_line(side) for side in answer.denied]
    if answer.standing is Standing.CONTESTED:
        both = {_firmly(answer, side) for side in answer.denied}
        others = [who for who in affirming if who not in both] or affirming
        return f"{_do(denying, 'deny', 'denies')} what {_do(others, 'affirm', 'affirms')}"
    if answer.standing is Standing.CORROBORATED:
        sources = listed(filter(None, (_names((*reason.sides, *reason.intents)), *tracks)))
        return f"independent sources affirm it firmly: {sources}"
    if answer.standing is Standing.DECLARED:
        return f"declared by {_names((*reason.sides, *reason.intents))}, and corroborated by none"
    if answer.standing is Standing.WITHDRAWN:
        return (
            f"what affirmed it, {_names(reason.statements)}, was withdrawn by {_names(reason.by)}"
        )
    if denying and affirming:
        return f"only {listed(denying)} takes a side, and takes both"
    if denying:
        return f"nobody affirms it, and {_do(denying, 'deny', 'denies')} it"
    if affirming:
        who = _do(affirming, "affirm", "affirms")
        return f"{who} it; no two independent sources affirm it firmly"
    return "nothing that counts affirms it or denies it"


def _firmly(answer: Answer, side: str) -> str:
    return one_line(side) if side in answer.firmly else f"{one_line(side)} (weakly)"


def _names(names: Iterable[str]) -> str:
    return listed(one_line(name) for name in names)


def _do(who: list[str], several: str, one: str) -> str:
    return f"{listed(who)} {several if len(who) > 1 else one}"
