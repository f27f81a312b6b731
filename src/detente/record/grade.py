"""Grades: the Admiralty code in words, and what a grade does to what is counted."""

from collections.abc import Iterable
from enum import IntEnum

from detente.errors import InputError
from detente.record.statement import Grade

__all__ = ["CREDIBILITY", "RELIABILITY", "Strength", "allowed", "check_grade", "grade_in_words"]

RELIABILITY = {
    "A": "completely reliable",
    "B": "usually reliable",
    "C": "fairly reliable",
    "D": "not usually reliable",
    "E": "unreliable",
    "F": "reliability cannot be judged",
}
"""Of the source: NATO AJP-2.1 (2016), after STANAG 2511."""

CREDIBILITY = {
    1: "confirmed by other sources",
    2: "probably true",
    3: "possibly true",
    4: "doubtful",
    5: "improbable",
    6: "truth cannot be judged",
}
"""Of the information: the same."""


class Strength(IntEnum):
    """What an affirmation or a denial counts for."""

    NOTHING = 0
    WEAK = 1
    FIRM = 2


def check_grade(grade: Grade) -> None:
    """Refuse a grade that is not of the Admiralty code.

    >>> check_grade(Grade("B", 2))
    >>> check_grade(Grade("G", 2))
    Traceback (most recent call last):
    detente.errors.InputError: field 'reliability': a reliability of 'G'; give A to F

    Raises
    ------
    InputError : a letter outside A to F, or a number outside 1 to 6.
    """
    if grade.reliability not in RELIABILITY:
        what = f"a reliability of {grade.reliability!r}"
        raise InputError(what, field="reliability", mend="give A to F")
    if grade.credibility not in CREDIBILITY:
        what = f"a credibility of {grade.credibility!r}"
        raise InputError(what, field="credibility", mend="give 1 to 6")


def grade_in_words(grade: Grade) -> str:
    """Say a grade: the code, and what it means.

    >>> grade_in_words(Grade("B", 2))
    'B2 (usually reliable; probably true)'
    """
    words = f"{RELIABILITY[grade.reliability]}; {CREDIBILITY[grade.credibility]}"
    return f"{grade.reliability}{grade.credibility} ({words})"


def allowed(grades: Iterable[Grade | None]) -> Strength:
    """Give the most that a statement may count for, from the grades of its tellings.

    The best grade that was given decides; a telling that was not graded says nothing.
    """
    given = [_most(grade) for grade in grades if grade is not None]
    return max(given, default=Strength.FIRM)


def _most(grade: Grade) -> Strength:
    if grade.reliability == "E" or grade.credibility == 5:
        return Strength.NOTHING
    if grade.reliability == "D" or grade.credibility == 4:
        return Strength.WEAK
    return Strength.FIRM
