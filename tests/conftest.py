"""In what order files are run, so that no worker waits for another at the end."""

FIRST = (
    # this compiles the engine, which is kept for all; the next do without it meanwhile
    "authority/test_states.py",
    "resolve/test_exact.py",
    "console/test_units.py",
    "formats/test_asterix.py",
    "formats/test_cat021.py",
    "formats/test_stream.py",
    "chart/test_chart.py",
    "chart/test_airspace.py",
    # these compile what is left of it
    "cli/test_demo.py",
    "watch/test_alert.py",
    "cli/test_detection.py",
    # these take longest
    "resolve/test_resolution.py",
    "authority/test_simulation.py",
    "console/*.py",
    "api/test_webhooks.py",
    "cli/test_watch.py",
    "api/test_service_crash.py",
    "api/test_noninterference.py",
    "resolve/test_search.py",
    "api/test_contract.py",
    "api/test_service_rolling.py",
    "api/test_processes.py",
    "detect/test_properties.py",
    "authority/test_noninterference.py",
    "ledger/test_outage.py",
    "api/test_service_race.py",
    "api/test_tokens.py",
    "client/test_serving_page.py",
    "reference/test_rule.py",
    "api/test_events.py",
    "ledger/test_race.py",
    "cli/test_readme.py",
)
"""Under tests/; whatever is not here follows, the files with most tests first."""


def pytest_collection_modifyitems(items):
    many = {}
    for item in items:
        many[item.path] = many.get(item.path, 0) + 1
    place = {
        path: next((k for k, name in enumerate(FIRST) if path.match(f"tests/{name}")), len(FIRST))
        for path in many
    }
    items.sort(key=lambda item: (place[item.path], -many[item.path]))
