"""The checker finds what it is there to find."""
import json

import checker
import pytest
from model import OPERATIONS

ID, COLLABORATION = "01234567-89ab-cdef-0123-456789abcdef", OPERATIONS["GetCollaboration"]
HEADERS = {"Content-Type": "application/json", "x-amzn-RequestId": ID}
GOOD = {"collaboration": {
    "id": ID, "arn": f"arn:aws:cleanrooms:us-east-1:123456789012:collaboration/{ID}", "name": "n", "description": "d",
    "creatorAccountId": "123456789012", "creatorDisplayName": "c", "createTime": 1764000000.123,
    "updateTime": 1764000000, "memberStatus": "ACTIVE", "queryLogStatus": "ENABLED",
    "dataEncryptionMetadata": {"allowCleartext": True, "allowDuplicates": True, "preserveNulls": False,
                               "allowJoinsOnColumnsWithDifferentNames": True}}}


def found(body, operation=COLLABORATION, status=200, headers=HEADERS):
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    return checker.problems(operation, status, headers, body)


def test_a_good_answer():
    assert found(GOOD) == []
    assert found(b"", OPERATIONS["DeleteCollaboration"], 204) == []


@pytest.mark.parametrize("name, value, words", [
    ("extra", 1, "not in the model"), ("id", None, "null"), ("id", ID.upper(), "match"), ("id", ID[1:], "length"),
    ("id", 7, "no string"), ("name", "x" * 101, "length"), ("name", " ", "match"),
    ("memberStatus", "active", "none of"),
    ("createTime", "2025-11-24T12:00:00Z", "time"), ("createTime", 1764000000123, "time"),
    ("createTime", 1764000000.1234, "time"), ("createTime", True, "time"), ("isMetricsEnabled", "true", "boolean"),
    ("allowedResultRegions", "us-east-1", "no list"), ("allowedResultRegions", ["mars"], "none of"),
    ("dataEncryptionMetadata", [], "no object"), ("dataEncryptionMetadata", {"allowCleartext": True}, "missing"),
])
def test_a_wrong_member(name, value, words):
    [problem, *_] = found({"collaboration": {**GOOD["collaboration"], name: value}})
    assert name in problem and words in problem


@pytest.mark.parametrize("name", ["id", "arn", "name", "creatorAccountId", "createTime", "memberStatus"])
def test_a_missing_member(name):
    body = {key: value for key, value in GOOD["collaboration"].items() if key != name}
    assert found({"collaboration": body}) == [f"$.collaboration.{name} is missing"]


def test_wrong_wholes():
    assert found({}) == ["$.collaboration is missing"]
    assert "no JSON" in found(b"{")[0] and "no object" in found([])[0]
    assert "twice" in found(b'{"collaboration": {}, "collaboration": {}}')[0]
    assert "status 201" in found(GOOD, status=201)[0]
    assert "RequestId" in found(GOOD, headers={"Content-Type": "application/json"})[0]
    assert "content type" in found(GOOD, headers={**HEADERS, "Content-Type": "text/html"})[0]
    assert "ErrorType" in found(GOOD, headers={**HEADERS, "x-amzn-ErrorType": "ValidationException"})[0]
    assert "204" in found(b"{}", OPERATIONS["DeleteCollaboration"], 204)[0]


def test_unions_and_lists():
    body = {"protectedQuery": {
        "id": ID, "membershipId": ID, "membershipArn": f"arn:aws:cleanrooms:us-east-1:123456789012:membership/{ID}",
        "createTime": 1764000000, "status": "SUCCESS"}}
    query = OPERATIONS["GetProtectedQuery"]
    output = {"s3": {"location": "s3://bucket/key"}}
    assert found({"protectedQuery": {**body["protectedQuery"], "result": {"output": output}}}, query) == []
    for wrong in ({}, {**output, "memberList": []}):
        answer = {"protectedQuery": {**body["protectedQuery"], "result": {"output": wrong}}}
        assert "union" in found(answer, query)[0]
    assert found({"protectedQueries": []}, OPERATIONS["ListProtectedQueries"]) == []
    assert "missing" in found({}, OPERATIONS["ListProtectedQueries"])[0]


def refused(kind, status, body, operation=COLLABORATION):
    return found(body, operation, status, {**HEADERS, "x-amzn-ErrorType": kind})


def test_errors():
    reason = {"message": "m", "reason": "INSUFFICIENT_PERMISSIONS"}
    assert refused("AccessDeniedException", 403, reason) == []
    assert "status" in refused("AccessDeniedException", 400, reason)[0]
    assert "none of" in refused("AccessDeniedException", 403, {"message": "m", "reason": "NO"})[0]
    assert "not in the model" in refused("AccessDeniedException", 403, {**reason, "resourceId": "x"})[0]
    # Not declared by this operation.
    missing = {"message": "m", "resourceId": "i", "resourceType": "COLLABORATION"}
    assert "none of the operation's" in refused("ResourceNotFoundException", 404, missing)[0]
    assert refused("ResourceNotFoundException", 404, missing, OPERATIONS["GetMembership"]) == []
    assert "missing" in refused("ResourceNotFoundException", 404, {"message": "m"}, OPERATIONS["GetMembership"])[0]
    assert "missing" in refused("ValidationException", 400, {"message": "m", "fieldList": [{"name": "x"}]})[0]


class Answer:
    status_code, headers, content = 200, HEADERS, b'{"collaboration": {}}'


def test_every_boto3_call_is_checked(monkeypatch):
    """The hook runs, and a wrong response does not get through."""
    import boto3
    import daemons

    client = daemons.checked(boto3.client("cleanrooms", region_name="us-east-1", aws_access_key_id="a",
                                        aws_secret_access_key="s", endpoint_url="https://localhost:1"))
    monkeypatch.setattr(client._endpoint, "make_request", lambda model, request: (Answer, {"ResponseMetadata": {}}))
    with pytest.raises(AssertionError, match="is missing"):
        client.get_collaboration(collaborationIdentifier=ID)
