"""What the watch says, in the authority's words."""

from detente.authority.extent import moment, volume4d_of
from detente.authority.register import Alert, Avoid
from detente.watch.alert import ShortTermAlert

__all__ = ["alert_of"]


def alert_of(alert: ShortTermAlert) -> Alert:
    """Give an alert as the authority keeps it; whom it warns, it names by their own identifiers."""
    return Alert(
        id=alert.id,
        a=alert.a,
        b=alert.b,
        start=moment(alert.start),
        closest=alert.closest,
        vertical=alert.vertical,
        avoid=tuple(
            Avoid(
                party=one.party,
                intent=one.intent.partition("/")[2],
                volume=volume4d_of(one.volume),
            )
            for one in alert.avoid
            if one.party
        ),
        over=alert.over,
    )
