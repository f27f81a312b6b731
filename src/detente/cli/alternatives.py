"""``detente alternatives``: what a refused or held flight could do instead."""

from detente.cli.answers import TABLE, Form, print_intents, print_offers, write_json
from detente.cli.connection import HERE, Connection
from detente.errors import InputError

__all__ = ["alternatives"]


def alternatives(
    intent: str,
    /,
    *,
    take: str | None = None,
    form: Form = TABLE,
    connection: Connection = HERE,
) -> int:
    """List the alternatives to a refused or held flight; or take one, before it expires.

    Exit code: 0 there are some, or it was taken; 1 there is none.

    Parameters
    ----------
    intent
        The intent's identifier.
    take
        The identifier of the one to be taken.
    """
    with connection.open() as client:
        if take is not None:
            taken = client.take(client.intent(intent), take)
            if not form.write([taken], one=True):
                print_intents([taken])
            return 0
        told = client.alternatives(intent)
    if form.geojson:
        raise InputError("alternatives have no GeoJSON", field="geojson", mend="use --json")
    if form.json:
        write_json(told)
    else:
        print_offers(told)
    return 0 if told.offers else 1
