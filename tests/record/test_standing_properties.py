"""What must hold of every record."""

import random

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from detente.record.standing import Standing, standing_of
from detente.record.statement import Grade, Position, SubjectKind
from detente.record.weighing import Fate
from tests.record.scene import EVENT, said
from tests.record.worlds import copy_of, filings, statements, tracks

QUICK = settings(max_examples=60, deadline=None)


def whole(said, seen=(), filed=()):
    return standing_of(EVENT, said, seen, filed)


def outcome(said, seen=(), filed=()):
    """Say what stands, without why: of each question, what and by whom."""
    answers = whole(said, seen, filed).answers
    return {a.scope: (a.standing, a.affirmed, a.denied) for a in answers}


@given(statements(), tracks(), filings(), st.randoms())
@QUICK
def test_the_order_in_which_it_is_given_does_not_matter(made, seen, filed, rng: random.Random):
    mixed = list(made)
    rng.shuffle(mixed)
    assert whole(mixed, seen, filed) == whole(made, seen, filed)


@given(statements(), tracks(), st.randoms())
@QUICK
def test_the_order_of_arrival_does_not_matter_where_it_is_known_when_it_was_said(made, seen, rng):
    """Else, what was entered later is taken for later: that is the rule on superseding."""
    made = [
        one if one.statement.said or one.statement.published
        else replace(one, statement=replace(one.statement, published=EVENT.end))
        for one in made
    ]  # fmt: skip
    places = [(one.position, one.at) for one in made]
    rng.shuffle(places)
    moved = [replace(o, position=p, at=at) for o, (p, at) in zip(made, places, strict=True)]
    assert outcome(moved, seen) == outcome(made, seen)


@given(statements(least=1), tracks(), filings(), st.data())
@QUICK
def test_a_repeat_changes_nothing(made, seen, filed, data):
    one = data.draw(st.sampled_from(made))
    copy = copy_of(one, outlet="The Copyist")
    assert outcome([*made, copy], seen, filed) == outcome(made, seen, filed)


@given(statements(least=1), tracks(), filings(), st.data())
@QUICK
def test_an_anonymous_or_quoted_copy_changes_nothing(made, seen, filed, data):
    one = data.draw(st.sampled_from(made))
    hidden = replace(one.statement.speaker, name="", anonymous=True)
    quoted = copy_of(one, outlet="The Daily", via=("AFP", *one.statement.via))
    unnamed = copy_of(one, speaker=hidden, outlet="AFP", via=())
    assert outcome([*made, quoted], seen, filed) == outcome(made, seen, filed)
    assert outcome([*made, unnamed], seen, filed) == outcome(made, seen, filed)


@given(statements(), tracks(), filings(), st.sampled_from(["US", "Iran", "Mars"]), st.data())
@QUICK
def test_who_is_anonymous_or_quoted_corroborates_and_declares_nothing(
    made, seen, filed, side, data
):
    """Whatever one who is not named affirms, what stood does not rise; it may be contested."""
    position = data.draw(st.sampled_from(["declares", "confirms", "indicates"]))
    hidden = said(side, position, id="hidden", anonymous=True, outlet="AFP", said=7)
    before, after = outcome(made, seen, filed), outcome([*made, hidden], seen, filed)
    was, now = before["flown"][0], after["flown"][0]
    assume(was is not Standing.WITHDRAWN)  # then something affirms it after all
    assert now is was or now is Standing.CONTESTED


@given(statements(), tracks(), filings(), st.sampled_from(["US", "Iran", "Mars"]), st.data())
@QUICK
def test_one_more_that_cannot_confirm_changes_nothing(made, seen, filed, side, data):
    name = data.draw(st.sampled_from(["", "Ann"]))
    when = data.draw(st.sampled_from([None, 1, 9]))
    on = data.draw(st.sampled_from(["", "authority/n0"]))
    unsure = said(side, "cannot confirm", id="unsure", name=name, said=when, on=on)
    assert outcome([*made, unsure], seen, filed) == outcome(made, seen, filed)


@given(statements(least=1), tracks(), filings())
@QUICK
def test_without_a_denial_it_is_less_contested_or_as_much(made, seen, filed):
    """But for a denial that superseded the speaker's own affirmation: that stands again."""
    full = whole(made, seen, filed)
    superseding = {
        name for row in full.statements if row.fate is Fate.SUPERSEDED for name in row.by
    }
    for one in made:
        denies = one.statement.position in (Position.DENIES, Position.DID_NOT_COORDINATE)
        of_event = one.statement.about.kind is not SubjectKind.STATEMENT
        if not (denies and of_event) or one.name in superseding:
            continue
        left = whole([other for other in made if other is not one], seen, filed)
        before = {a.scope: a.standing for a in full.answers}
        for answer in left.answers:
            if answer.standing is Standing.CONTESTED:
                assert before[answer.scope] is Standing.CONTESTED


@given(statements(), tracks(), filings(), st.sampled_from([("F", 6), ("A", 1), ("C", 3)]))
@QUICK
def test_a_grade_that_judges_nothing_ill_changes_nothing(made, seen, filed, letters):
    plain = [replace(one, grade=None, graded=0) for one in made]
    graded = [replace(one, grade=Grade(*letters), graded=99) for one in made]
    assert outcome(graded, seen, filed) == outcome(plain, seen, filed)


@given(statements(), tracks(), filings())
@QUICK
def test_every_reason_names_what_it_is_about_and_where_the_ledger_has_it(made, seen, filed):
    found = whole(made, seen, filed)
    at = {one.name: one.position for one in made}
    assert {row.name for row in found.statements} <= set(at)
    for answer in found.answers:
        for reason in answer.reasons:
            named = {at[name] for name in (*reason.statements, *reason.by)}
            assert named <= set(reason.entries)
            tracked = reason.tracks or reason.intents
            assert set(reason.entries) <= named or tracked or reason.rule == 13
