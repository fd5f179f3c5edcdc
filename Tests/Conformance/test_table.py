"""The table of operations in the documentation says what was seen."""
import os

import botocore
from conftest import ROOT
from model import OPERATIONS

PAGE = os.path.join(ROOT, "Sources", "MemberService", "MemberService.docc", "Operations.md")
MODEL = os.path.join(ROOT, "Sources", "CleanRoomAPI", "Generated", "ServiceModelText.swift")


def table(seen):
    outcomes = {name: seen(name) for name in OPERATIONS}
    works = sum(outcome == "works" for outcome in outcomes.values())
    routes = {name: "{method} {requestUri}".format(**operation.http) for name, operation in OPERATIONS.items()}
    rows = [f"| {name} | `{routes[name]}` | {outcomes[name]} |" for name in OPERATIONS]
    return "\n".join([
        "# Operations", "",
        f"Which of the {len(outcomes)} operations of AWS Clean Rooms' API this version has: {works} work.", "",
        "Those that are not available check their input like any other and then answer with a `ValidationException`",
        "that names the feature. The conformance suite writes this page (`Scripts/test --conformance --write`) from",
        f"what running daemons answered to boto3 {botocore.__version__}.", "",
        "| Operation | Request | This version |", "|---|---|---|", *rows, ""])


def test_the_table_is_what_was_seen(seen, request):
    text = table(seen)
    if request.config.getoption("--write"):
        os.makedirs(os.path.dirname(PAGE), exist_ok=True)
        with open(PAGE, "w") as file:
            file.write(text)
    with open(PAGE) as file:
        assert file.read() == text, "run Scripts/test --conformance --write, and commit the page if it is right"


def test_boto3_and_the_daemon_have_the_same_model():
    with open(MODEL) as file:
        assert f'version = "botocore {botocore.__version__}"' in file.read()
