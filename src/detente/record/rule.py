"""The rules by which a standing is made: the table of docs/record.md, which a test compares."""

from enum import IntEnum

__all__ = ["RULES", "Rule"]


class Rule(IntEnum):
    """A rule's number in the table; reasons name it."""

    SOURCE = 1
    REPEAT = 2
    HEARSAY = 3
    ANONYMOUS = 4
    LATER = 5
    WITHDRAWAL = 6
    OF_STATEMENTS = 7
    FIRM = 8
    WEAK = 9
    BOTH = 10
    CANNOT_CONFIRM = 11
    DID_NOT_COORDINATE = 12
    GRADE = 13
    TRACK = 14
    FILED = 15
    SYNTHETIC = 16
    CONTESTED = 17
    CORROBORATED = 18
    DECLARED = 19
    WITHDRAWN = 20
    UNCONFIRMED = 21
    WHOLE = 22


RULES: dict[Rule, str] = {
    Rule.SOURCE: "A source is a side: all who speak for one side are one source, through whatever "
    "outlets. Sources are independent of each other when their sides differ.",
    Rule.REPEAT: "What is repeated counts once: the same speaker's same position on the same "
    "subject and question, said at the same time or at no known time. So does an anonymous copy "
    "of it.",
    Rule.HEARSAY: "Hearsay counts as its origin only: an outlet that quotes another adds nothing. "
    "It supersedes only where it is known when the origin spoke.",
    Rule.ANONYMOUS: "Who is anonymous or off the record is never more than an indication, "
    "supersedes nothing and withdraws nothing. Anonymous speakers of one side cannot be told "
    "apart.",
    Rule.LATER: "Later supersedes earlier: the same speaker, subject and question; by when it was "
    "said, else published, else entered. At the same time, neither does.",
    Rule.WITHDRAWAL: "Who openly denies a statement of their own withdraws it, with its repeats. "
    "A withdrawn statement counts for nothing, and supersedes nothing.",
    Rule.OF_STATEMENTS: "Whatever else is said of a statement, such as that it was never said, is "
    "quoted and changes nothing.",
    Rule.FIRM: "Declares and confirms affirm firmly. Declares is of one's own flight: said of an "
    "intent that is another's, it is no more than confirms.",
    Rule.WEAK: "Indicates affirms weakly; so does whatever is hedged.",
    Rule.BOTH: "A side that both affirms and denies declares nothing, and does not contest itself.",
    Rule.CANNOT_CONFIRM: "Cannot confirm is neither: it affirms nothing, denies nothing, "
    "supersedes nothing.",
    Rule.DID_NOT_COORDINATE: "Did not coordinate denies the question that it is entered under, "
    'and says nothing on whether something was flown or seen ("flown", "seen").',
    Rule.GRADE: "Graded E or 5: quoted, but counts for nothing, whichever side it takes. Graded D "
    "or 4: no more than an indication. Any other grade, F and 6 among them, and none: as it is.",
    Rule.TRACK: 'A track affirms "flown" firmly: that something flew, never whose it was or what. '
    "All tracks are one source. It counts if it was linked to the event, or seen in its place and "
    "time and matched to no intent but the event's; not while it is tentative.",
    Rule.FILED: "An intent that is accepted, or was flown, and is linked to the event declares "
    '"flown" for its party. That it was not seen denies nothing.',
    Rule.SYNTHETIC: "What is synthetic counts only for an event that is synthetic.",
    Rule.CONTESTED: "Contested: a side denies it, and another side or a track affirms it, firmly "
    "or weakly.",
    Rule.CORROBORATED: "Else corroborated: two independent sources affirm it firmly, at least one "
    "of them in words or by a filing.",
    Rule.DECLARED: "Else declared: a side firmly declares it of its own flight.",
    Rule.WITHDRAWN: "Else withdrawn: it was affirmed, that was withdrawn, and nothing else "
    "affirms it.",
    Rule.UNCONFIRMED: "Else unconfirmed, also where all who speak deny it.",
    Rule.WHOLE: "The event stands as its first question does.",
}
"""What each says."""
