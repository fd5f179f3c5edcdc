"""Every constraint of every operation's input: broken once, refused by name; its limits reached once, accepted."""
import collections
import json
import threading
from concurrent.futures import ThreadPoolExecutor

import checker
import inputs
import pytest
import values
from daemons import STRICT
from model import LONGER_IN_PRACTICE, OPERATIONS

THREADS = 6
CASES = [case for operation in OPERATIONS.values() for case in inputs.cases(operation)]


def test_there_are_thousands_and_every_operation_has_some():
    counts = collections.Counter(case.operation for case in CASES)
    assert counts.keys() == OPERATIONS.keys() and len(CASES) > 4500, len(CASES)
    kinds = {case.what for case in CASES}
    assert {"missing", "null", "enum", "pattern", "longest", "too long", "too short", "most", "too many", "too few",
            "two of a union", "none of a union", "largest", "too large", "too small", "key too long"} <= kinds


WORDS = {"string": {"max": "too long", "min": "too short", "pattern": "pattern", "enum": "enum"},
         "list": {"max": "too many", "min": "too few"}, "map": {"max": "too many", "min": "too few"},
         "integer": {"max": "too large", "min": "too small"}, "double": {"max": "too large", "min": "too small"}}


def cannot_break(shape, location, constraint):
    """The real ARNs are longer than their limits; nothing is shorter than nothing; a path without a parameter is
    another path, and a query without one has no list."""
    if constraint == "max":
        return shape.name in LONGER_IN_PRACTICE
    return constraint == "min" and (shape.metadata["min"] == 0 or shape.metadata["min"] == 1 and location == "uri"
                                    or shape.type_name == "list" and location == "querystring")


@pytest.mark.parametrize("name", OPERATIONS)
def test_no_constraint_is_left_out(name):
    made = {(case.path, case.what) for case in CASES if case.operation == name and not case.is_valid}
    wanted = set()
    for shape, steps in values.sites(OPERATIONS[name].input_shape):
        for constraint, what in WORDS.get(shape.type_name, {}).items():
            has_enum = constraint != "enum" and shape.metadata.get("enum")
            if constraint in shape.metadata and not has_enum and not cannot_break(
                    shape, inputs.location(OPERATIONS[name], steps), constraint):
                wanted.add((inputs.path(steps), what))
    assert wanted <= made, wanted - made


def judged(case, status, headers, body):
    """What is wrong with the answer to a case."""
    operation = OPERATIONS[case.operation]
    found = checker.problems(operation, status, headers, body)
    answer = json.loads(body) if body else {}
    fields = [field["name"] for field in answer.get("fieldList", [])
              if "failed to satisfy constraint" in field["message"]]
    if case.is_valid:
        return found + ([f"named {fields}: {answer['message']}"] if fields else [])
    if (status, answer.get("reason"), fields) != (400, "FIELD_VALIDATION_FAILED", [case.path]):
        found.append(f"status {status}, {answer.get('reason')}, fields {fields}")
    if headers.get("x-amzn-ErrorType") != "ValidationException":
        found.append(f"type {headers.get('x-amzn-ErrorType')}")
    return found


def test_every_constraint(consortium):
    local = threading.local()

    def run(case):
        if not hasattr(local, "connection"):
            local.connection = consortium.connection(STRICT)
        problems = judged(case, *local.connection.call(OPERATIONS[case.operation], case.input))
        return [f"{case.operation}: {case.what} at {case.path}: {problem}" for problem in problems]

    with ThreadPoolExecutor(THREADS) as pool:
        failures = [failure for failures in pool.map(run, CASES) for failure in failures]
    assert not failures, f"{len(failures)} of {len(CASES)}:\n" + "\n".join(failures[:60])


def test_the_input_of_the_judge_matters():
    """A case judged by the answer to another one fails."""
    case = next(case for case in CASES if case.operation == "GetCollaboration" and case.what == "pattern")
    field = {"name": case.path, "message": "Value at 'x' failed to satisfy constraint: y"}
    headers = {"x-amzn-RequestId": "0" * 8 + "-0000" * 3 + "-" + "0" * 12, "x-amzn-ErrorType": "ValidationException",
               "Content-Type": "application/json"}

    def verdict(status=400, kind="FIELD_VALIDATION_FAILED", fields=(field,)):
        body = {"message": "m", "reason": kind, "fieldList": list(fields)}
        return judged(case, status, headers, json.dumps(body).encode())

    assert verdict() == []
    assert verdict(status=403) and verdict(kind="INVALID_QUERY") and verdict(fields=())
    assert verdict(fields=[{**field, "name": "other"}]) and verdict(fields=[field, {**field, "name": "other"}])
    case.is_valid = True
    try:
        assert verdict()
    finally:
        case.is_valid = False
