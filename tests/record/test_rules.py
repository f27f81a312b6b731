"""The table of rules in docs/record.md, row by row: each row has cases, each case a world."""

import re
from pathlib import Path

import pytest
from msgspec.structs import replace

from detente.record.rule import RULES, Rule
from tests.record.cases import CASES, of, rules
from tests.record.scene import EVENT, answer, filed, said, seen, stands

PAGE = Path(__file__).parents[2] / "docs" / "record.md"
REAL = replace(EVENT, synthetic=False)


@of(Rule.FIRM)
def confirms_and_declares_are_firm():
    return stands(said("US", "confirms"), said("UN", "declares")) == "corroborated"


@of(Rule.FIRM)
def declaring_what_is_another_s_is_no_declaration():
    of_north = {"intent": "north/1"}
    return (
        stands(said("south", "declares", **of_north)) == "unconfirmed"
        and stands(said("North", "declares", **of_north)) == "declared"
        and stands(said("the northerners", "declares", by="north", **of_north)) == "declared"
    )


@of(Rule.WEAK)
def to_indicate_is_weaker_than_to_confirm():
    hedged = said("UN", "confirms", hedge="it seems")
    return (
        stands(said("US", "confirms"), said("UN", "indicates")) == "unconfirmed"
        and stands(said("US", "confirms"), hedged) == "unconfirmed"
        and stands(said("US", "declares", hedge="perhaps")) == "unconfirmed"
        and Rule.WEAK in rules(hedged)
    )


@of(Rule.BOTH)
def a_side_that_says_both_declares_nothing_and_is_no_contest():
    both = said("US", "declares", name="A"), said("US", "denies", name="B")
    return (
        stands(*both) == "unconfirmed"
        and stands(*both, said("UN", "indicates")) == "contested"
        and Rule.BOTH in rules(*both)
    )


@of(Rule.CANNOT_CONFIRM)
def cannot_confirm_is_neither():
    unsure = said("Iran", "cannot confirm")
    after = said("US", "cannot confirm", said=9)
    found = answer(said("US", "declares"), unsure, after)
    return found.standing.value == "declared" and Rule.CANNOT_CONFIRM in rules(unsure)


@of(Rule.DID_NOT_COORDINATE)
def not_to_have_coordinated_says_nothing_on_what_was_flown():
    flown = answer(said("US", "declares"), said("Iran", "did not coordinate"), seen())
    there = answer(said("US", "confirms", scope="with"),
                   said("Iran", "did not coordinate", scope="with"), scope="with")  # fmt: skip
    alone = answer(said("Iran", "did not coordinate", scope="with"), scope="with")
    return (flown.standing.value, flown.denied) == ("corroborated", ()) and (
        there.standing.value == "contested" and alone.denied == ("Iran",)
    )


@of(Rule.GRADE)
def e_and_5_count_for_nothing_on_either_side():
    denial = said("Iran", "denies")
    return all(
        stands(said("US", "confirms"), said("UN", "confirms", grade=bad)) == "unconfirmed"
        and stands(said("UN", "confirms", grade=bad), denial) == "unconfirmed"
        and stands(said("US", "confirms"), said("Iran", "denies", grade=bad)) == "unconfirmed"
        and Rule.GRADE in rules(said("UN", "confirms", grade=bad))
        for bad in ("E2", "B5")
    )


@of(Rule.GRADE)
def d_and_4_are_no_more_than_an_indication():
    us, denial = said("US", "confirms"), said("Iran", "denies")
    return all(
        stands(us, said("UN", "confirms", grade=poor)) == "unconfirmed"
        and stands(said("UN", "confirms", grade=poor), denial) == "contested"
        for poor in ("D2", "B4")
    )


@of(Rule.GRADE)
def other_grades_and_none_leave_it_as_it_is():
    us = said("US", "confirms")
    grades = ("F6", "A1", "C3", "F2", "A6")
    return all(
        stands(us, said("UN", "confirms", grade=good)) == "corroborated"
        and stands(us, said("UN", "indicates", grade=good)) == "unconfirmed"
        for good in grades
    )


@of(Rule.GRADE)
def a_copy_that_was_not_graded_has_the_grade_of_what_it_repeats():
    graded = said("UN", "confirms", grade="E5")
    return stands(said("US", "confirms"), graded, said("UN", "confirms")) == "unconfirmed"


@of(Rule.TRACK)
def a_track_corroborates_firm_words_and_a_denial_of_it_is_contested():
    return (
        stands(seen()) == "unconfirmed"
        and stands(seen(), seen("t2")) == "unconfirmed"
        and stands(seen(), said("US", "indicates")) == "unconfirmed"
        and stands(seen(), said("US", "confirms")) == "corroborated"
        and stands(seen(), said("US", "denies")) == "contested"
        and answer(seen(), said("US", "denies", scope="with"), scope="with").affirmed == ()
    )


@of(Rule.TRACK)
def a_track_counts_in_the_place_and_time_and_unless_it_is_somebody_else_s():
    yes = said("US", "confirms")
    return (
        stands(seen("t9"), yes) == "corroborated"
        and stands(seen("t9", at=(40.0, 8.5)), yes) == "unconfirmed"
        and stands(seen("t9", h=48.0), yes) == "unconfirmed"
        and stands(seen("t9", conformance="conforming", intent="south/7"), yes) == "unconfirmed"
        and stands(seen("t9", conformance="conforming", intent="north/1"), yes) == "corroborated"
        and stands(seen("t9", conformance="tentative"), yes) == "unconfirmed"
        and stands(seen("t1", at=(40.0, 8.5)), yes) == "corroborated"
    )


@of(Rule.FILED)
def a_filing_declares_and_not_to_be_seen_denies_nothing():
    return (
        stands(filed()) == "declared"
        and stands(filed("other/1")) == "unconfirmed"
        and stands(filed(state="refused")) == "unconfirmed"
        and stands(filed(state="ended")) == "unconfirmed"
        and stands(filed(state="held")) == "unconfirmed"
        and stands(filed(state="held", flown=True)) == "declared"
        and stands(filed(state="ended", flown=True)) == "declared"
        and stands(filed(unseen=EVENT.start)) == "declared"
    )


@of(Rule.FILED)
def a_filing_that_is_seen_is_corroborated_and_its_party_is_no_second_source():
    return (
        stands(filed(), seen(intent="north/1", conformance="conforming")) == "corroborated"
        and stands(filed(), said("North", "confirms")) == "declared"
        and stands(filed(), said("US", "confirms")) == "corroborated"
    )


@of(Rule.SYNTHETIC)
def what_is_made_up_counts_only_for_an_event_that_is():
    made_up = said("UN", "confirms", synthetic=True)
    us = said("US", "confirms")
    return (
        stands(us, made_up) == "corroborated"
        and stands(us, made_up, event=REAL) == "unconfirmed"
        and stands(us, seen(synthetic=True), event=REAL) == "unconfirmed"
        and stands(us, seen(synthetic=True)) == "corroborated"
        and Rule.SYNTHETIC in rules(us, made_up, event=REAL)
    )


@of(Rule.CONTESTED)
def a_denial_against_an_affirmation_of_another_side_or_a_track():
    hidden = said("Iran", "denies", anonymous=True)
    return (
        stands(said("US", "indicates"), hidden) == "contested"
        and stands(said("US", "confirms"), said("UN", "confirms"), hidden) == "contested"
        and stands(seen(), hidden) == "contested"
        and stands(filed(), said("US", "denies")) == "contested"
        and stands(filed(), said("North", "denies")) == "unconfirmed"
    )


@of(Rule.CORROBORATED)
def two_firm_sources_one_of_them_in_words():
    return (
        stands(said("US", "confirms"), said("UN", "confirms")) == "corroborated"
        and stands(said("US", "declares"), seen()) == "corroborated"
        and stands(said("US", "indicates"), said("UN", "indicates")) == "unconfirmed"
    )


@of(Rule.DECLARED)
def one_that_declares_its_own():
    return (
        stands(said("US", "declares"), said("UN", "indicates")) == "declared"
        and stands(said("US", "declares", anonymous=True)) == "unconfirmed"
    )


@of(Rule.WITHDRAWN)
def only_where_nothing_else_affirms():
    first, back = said("US", "confirms", id="h"), said("US", "denies", on="authority/h", said=2)
    return (
        stands(first, back) == "withdrawn"
        and stands(first, back, said("UN", "indicates")) == "unconfirmed"
        and stands(first, back, seen()) == "unconfirmed"
        and stands(first, back, seen(), said("US", "denies", said=3)) == "contested"
    )


@of(Rule.UNCONFIRMED)
def otherwise():
    return (
        stands() == "unconfirmed"
        and stands(said("US", "confirms")) == "unconfirmed"
        and stands(said("US", "denies"), said("UN", "denies")) == "unconfirmed"
    )


@of(Rule.WHOLE)
def the_event_stands_as_its_first_question():
    from detente.record.standing import standing_of

    words = [said("US", "declares"), said("UN", "confirms", scope="with")]
    other = replace(EVENT, questions=EVENT.questions[::-1])
    return (
        standing_of(EVENT, words).standing.value == "declared"
        and standing_of(other, words).standing.value == "unconfirmed"
    )


def test_the_table_of_the_page_is_the_table_of_the_code():
    rows = re.findall(r"^\| (\d+) \| (.+?) \|$", PAGE.read_text(encoding="utf-8"), re.M)
    assert {int(number): text for number, text in rows} == {int(r): t for r, t in RULES.items()}
    assert set(RULES) == set(Rule)


@pytest.mark.parametrize("rule", list(Rule), ids=lambda rule: f"{rule.value}-{rule.name.lower()}")
def test_each_row_holds(rule):
    assert CASES[rule], "a rule that nothing shows"
    for case in CASES[rule]:
        assert case(), case.__name__.replace("_", " ")
