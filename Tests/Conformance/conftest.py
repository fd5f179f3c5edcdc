"""Daemons for the conformance suite, started once, and boto3 clients whose every response is checked."""
import os
import sys

import pytest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
for folder in ("Scripts/lib", "Tests/EndToEnd", "Tests/Conformance"):
    sys.path.insert(0, os.path.join(ROOT, folder))
for name in [name for name in os.environ if name.startswith(("AWS_", "CLEANROOM_RECORD"))]:
    del os.environ[name]

import daemons  # noqa: E402
import observed  # noqa: E402
import world  # noqa: E402


def pytest_addoption(parser):
    parser.addoption("--write", action="store_true", help="write the table of operations instead of comparing it")


@pytest.fixture(scope="session")
def binary():
    path = os.environ.get("CLEANROOM_BINARY", os.path.join(ROOT, ".build", "debug", "cleanroom"))
    assert os.access(path, os.X_OK), f"{path} is missing: run swift build first"
    return path


@pytest.fixture(scope="session")
def consortium(binary, tmp_path_factory):
    with daemons.started(binary, tmp_path_factory.mktemp("conformance")) as made:
        yield made


@pytest.fixture(scope="session")
def room(consortium):
    """A collaboration with a resource of every kind."""
    return world.World(consortium)


@pytest.fixture(scope="session")
def seen(room):
    """What became of an operation, tried once: a word for it."""
    outcomes = {}

    def outcome(name):
        if name not in outcomes:
            outcomes[name] = observed.outcome(room, name)
        return outcomes[name]

    return outcome
