"""Real daemons for the end-to-end tests: separate processes, real sockets, certificates, engine and files."""
import glob
import os
import sys

import pytest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "Scripts", "lib"))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
for name in ("AWS_CA_BUNDLE", "CLEANROOM_RECORD_LINK"):
    os.environ.pop(name, None)

import room  # noqa: E402


@pytest.fixture(scope="session")
def binary():
    path = os.environ.get("CLEANROOM_BINARY", os.path.join(ROOT, ".build", "debug", "cleanroom"))
    assert os.access(path, os.X_OK), f"{path} is missing: run swift build first"
    return path


@pytest.fixture(scope="session")
def aws():
    cache = os.path.join(os.environ.get("XDG_CACHE_HOME", os.path.expanduser("~/.cache")), "cleanroom")
    found = sorted(glob.glob(os.path.join(cache, "aws-*", "bin", "aws")))
    assert found, "the AWS CLI is missing: run Scripts/setup --tests"
    return found[-1]


@pytest.fixture(scope="session")
def shared_room(binary, tmp_path_factory):
    """Three members with the how-to's tables and one more, links recorded; tests must not break it."""
    with room.Room(binary, tmp_path_factory.mktemp("room"), record=True) as made:
        made.set_up()
        yield made


@pytest.fixture
def small_room(binary, tmp_path):
    """A room of one test's own, with little data; the test may do with it what it likes."""
    with room.Room(binary, tmp_path / "room", scale=0.01) as made:
        made.set_up()
        yield made
