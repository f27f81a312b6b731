"""The table of rules in docs/record.md, row by row: each row has cases, each case a world."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from detente.record.rule import RULES, Rule
from tests.record.scene import EVENT, answer, filed, said, seen, stands

PAGE = Path(__file__).parents[2] / "docs" / "record.md"
REAL = replace(EVENT, synthetic=False)

CASES: dict[Rule, list[Callable[[], bool]]] = {rule: [] for rule in Rule}


def of(rule: Rule) -> Callable[[Callable[[], bool]], Callable[[], bool]]:
    def add(case: Callable[[], bool]) -> Callable[[], bool]:
        CASES[rule].append(case)
        return case

    return add


def rules(*items, **how) -> set[int]:
    return {reason.rule for reason in answer(*items, **how).reasons}


@of(Rule.SOURCE)
def two_of_one_side_are_one_source():
    two = said("US", "confirms", name="A"), said("us ", "confirms", name="B", outlet="AP")
    return stands(*two) == "unconfirmed" and Rule.SOURCE in rules(*two)


@of(Rule.SOURCE)
def two_sides_are_two_sources():
    return stands(said("US", "confirms"), said("Iraq", "confirms")) == "corroborated"


@of(Rule.REPEAT)
def a_repeat_without_a_time_of_its_own_does_not_revive_what_was_superseded():
    first, later = said("US", "confirms", said=1), said("US", "denies", said=2)
    copy = said("US", "confirms", said=None, published=9, outlet="AP")
    without = answer(first, later, said("Iraq", "denies"))
    return answer(first, later, said("Iraq", "denies"), copy).standing is without.standing


@of(Rule.REPEAT)
def said_again_at_another_time_is_no_repeat():
    words = [said("US", p, said=t) for t, p in enumerate(("confirms", "denies", "confirms"), 1)]
    return stands(*words, said("Iran", "denies")) == "contested"


@of(Rule.REPEAT)
def an_anonymous_copy_of_what_was_withdrawn_is_withdrawn_with_it():
    first = said("US", "confirms", id="a")
    copy = said("US", "confirms", anonymous=True, outlet="AP")
    back = said("US", "denies", on="authority/a", said=2)
    return stands(first, copy, back) == "withdrawn"


@of(Rule.HEARSAY)
def an_outlet_that_quotes_another_is_no_source():
    ap = said("AP", "confirms", name="", outlet="AP")
    quoting = said("The Daily", "confirms", name="", outlet="The Daily", via=("AP",))
    return (
        stands(ap, quoting) == "unconfirmed"
        and stands(ap, said("The Daily", "confirms", outlet="The Daily")) == "corroborated"
        and Rule.HEARSAY in rules(ap, quoting)
    )


@of(Rule.HEARSAY)
def hearsay_of_an_unknown_time_supersedes_nothing():
    first = said("US", "confirms", said=1)
    quoted = said("US", "denies", said=None, published=5, outlet="RT", via=("AFP",))
    dated = said("US", "denies", said=5, outlet="RT", via=("AFP",))
    return answer(first, quoted).affirmed == ("US",) and answer(first, dated).affirmed == ()


@of(Rule.HEARSAY)
def hearsay_counts_as_its_origin():
    return stands(said("Iran", "declares", outlet="RT", via=("AFP",))) == "declared"


@of(Rule.ANONYMOUS)
def the_anonymous_corroborate_nothing():
    hidden = said("Iraq", "confirms", anonymous=True, role="official", outlet="AFP")
    off = said("Turkey", "confirms", on_record=False)
    found = rules(said("US", "confirms"), hidden, off)
    return stands(said("US", "confirms"), hidden, off) == "unconfirmed" and Rule.ANONYMOUS in found


@of(Rule.ANONYMOUS)
def the_anonymous_of_one_side_are_one_source_by_whatever_outlets():
    a = said("Iraq", "confirms", anonymous=True, role="an official", outlet="AFP", said=1)
    b = said("Iraq", "confirms", anonymous=True, role="an officer", outlet="AP", said=2)
    return answer(a, b).affirmed == ("Iraq",)


@of(Rule.ANONYMOUS)
def the_anonymous_supersede_nothing_and_withdraw_nothing():
    first = said("US", "confirms", id="b", role="official")
    later = said("US", "denies", anonymous=True, role="official", said=5)
    back = said("US", "denies", anonymous=True, role="official", on="authority/b", said=6)
    return answer(first, later, back).affirmed == ("US",)


@of(Rule.LATER)
def later_supersedes_earlier_by_the_same_speaker():
    first, later = said("US", "confirms", said=1), said("US", "denies", said=2)
    found = answer(later, first)
    return (found.affirmed, found.denied) == ((), ("US",)) and Rule.LATER in rules(later, first)


@of(Rule.LATER)
def else_by_when_it_was_published_else_entered():
    a = said("US", "confirms", said=None, published=2)
    b = said("US", "denies", said=None, published=1)
    c, d = said("UN", "confirms", said=None), said("UN", "denies", said=None)
    found = answer(a, b, c, d)
    return (found.affirmed, found.denied) == (("US",), ("UN",))


@of(Rule.LATER)
def at_the_same_time_or_by_another_speaker_nothing_is_superseded():
    tie = answer(said("US", "confirms", said=1), said("US", "denies", said=1))
    two = answer(said("US", "confirms", said=1, name="A"), said("US", "denies", said=2, name="B"))
    other = answer(said("US", "confirms", said=1), said("US", "denies", said=2, scope="with"))
    return (tie.affirmed, two.affirmed, other.affirmed) == (("US",),) * 3


@of(Rule.WITHDRAWAL)
def who_denies_a_statement_of_their_own_withdraws_it():
    first = said("US", "confirms", id="c")
    back = said("US", "denies", on="authority/c", said=3)
    return stands(first, said("Iran", "denies")) == "contested" and (
        stands(first, back, said("Iran", "denies")) == "withdrawn"
        and Rule.WITHDRAWAL in rules(first, back, said("Iran", "denies"))
    )


@of(Rule.WITHDRAWAL)
def a_withdrawal_can_be_withdrawn_and_confirmed_again():
    first = said("US", "declares", id="d")
    back = said("US", "denies", id="e", on="authority/d", said=3)
    undone = said("US", "denies", on="authority/e", said=4)
    again = said("US", "confirms", on="authority/d", said=4)
    return (stands(first, back), stands(first, back, undone), stands(first, back, again)) == (
        "withdrawn", "declared", "declared",
    )  # fmt: skip


@of(Rule.WITHDRAWAL)
def what_a_withdrawn_statement_superseded_stands_again():
    first, later = said("US", "declares", said=1), said("US", "denies", said=2, id="f")
    back = said("US", "denies", on="authority/f", said=3)
    return stands(first, later) == "unconfirmed" and stands(first, later, back) == "declared"


@of(Rule.WITHDRAWAL)
def statements_that_withdraw_each_other_in_a_ring_withdraw_nothing():
    a = said("US", "denies", id="ring-a", on="authority/ring-b")
    b = said("US", "denies", id="ring-b", on="authority/ring-a")
    return stands(said("US", "declares"), a, b) == "declared"


@of(Rule.OF_STATEMENTS)
def that_another_says_it_was_never_said_changes_nothing():
    first = said("US", "declares", id="g")
    others = [
        said("Iran", "denies", on="authority/g"),
        said("US", "denies", on="authority/g", name="Another"),
        said("UN", "confirms", on="authority/g"),
        said("US", "denies", on="authority/g", anonymous=True),
    ]
    return stands(first, *others) == "declared" and Rule.OF_STATEMENTS in rules(first, *others)


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
