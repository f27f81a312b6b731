"""Records drawn at random: few sides, speakers and times, so that much meets."""

from hypothesis import strategies as st
from msgspec.structs import replace

from tests.record.scene import filed, said, seen

POSITIONS = (
    "declares", "confirms", "indicates", "denies", "cannot confirm", "did not coordinate",
)  # fmt: skip
SIDES = ("US", "Iran", "UN", "north")
GRADES = ("", "", "", "F6", "B2", "D3", "E5")


@st.composite
def statements(draw, least=0, most=8):
    """Draw statements on the event and on each other; each has a name that is its number."""
    made = []
    for k in range(draw(st.integers(least, most))):
        about = draw(st.sampled_from(["event", "event", "event", "track", "intent", "statement"]))
        hidden = draw(st.sampled_from([False, False, True]))
        one = said(
            draw(st.sampled_from(SIDES)),
            draw(st.sampled_from(POSITIONS)),
            id=f"n{k}",
            name=draw(st.sampled_from(["", "Ann", "Ben"])),
            anonymous=hidden,
            on=f"authority/n{draw(st.integers(0, most))}" if about == "statement" else "",
            track="t1" if about == "track" else "",
            intent="north/1" if about == "intent" else "",
            scope=draw(st.sampled_from(["flown", "flown", "with"])),
            hedge=draw(st.sampled_from(["", "", "perhaps"])),
            on_record=draw(st.sampled_from([True, True, False])),
            outlet=draw(st.sampled_from(["", "AFP", "RT"])),
            via=draw(st.sampled_from([(), (), ("AP",)])),
            said=draw(st.sampled_from([None, 1, 2, 3])),
            published=draw(st.sampled_from([None, 4, 5])),
            grade=draw(st.sampled_from(GRADES)),
            claim=f"claim{k}qq",
            position_in_ledger=k + 10,
        )
        made.append(one)
    return made


@st.composite
def tracks(draw):
    return draw(st.sampled_from([[], [], [seen()], [seen("t7", conformance="tentative")]]))


@st.composite
def filings(draw):
    return draw(st.sampled_from([[], [], [filed()]]))


def copy_of(one, **changes):
    """Give another telling of the same, under another name and entered later."""
    statement = replace(one.statement, id=one.statement.id + "-copy", **changes)
    return replace(one, statement=statement, position=one.position + 1000, grade=None, graded=0)
