"""Cases of the rules in docs/record.md: whose words count, as how many, and which still hold."""

from collections.abc import Callable

from detente.record.rule import Rule
from tests.record.scene import answer, said, stands

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
