"""Appending until there is no room."""


def fill(ledger, acknowledged, bodies):
    """Append until it fails."""
    while True:
        ledger.append(len(acknowledged), bodies)
        acknowledged += bodies
