"""Every operation of the model through boto3: success, declared errors, and what other members get."""
import re
import uuid

import pytest
from daemons import OUTSIDER
from howto import PARTNER
from model import OPERATIONS, declared, identifiers
from operations import ANY, DENIED, MISSING, SAME, WORKING, other
from test_quotas import QUOTAS
from unavailable import FEATURE

ACCOUNTED = {"InternalServerException", "ThrottlingException", "ValidationException"}


def test_every_operation_has_an_entry():
    assert WORKING.keys() | FEATURE.keys() == OPERATIONS.keys() and not WORKING.keys() & FEATURE.keys()


@pytest.mark.parametrize("name", WORKING)
def test_every_declared_error_is_provoked_or_explained(name):
    """Missing resources are provoked by random identifiers, used up quotas in a file of their own."""
    entry, errors = WORKING[name], declared(OPERATIONS[name]).keys() - ACCOUNTED
    provoked = {error for error, has in [
        ("ConflictException", entry.conflict), ("AccessDeniedException", entry.denied),
        ("ResourceNotFoundException", missing_cases(name)), ("ServiceQuotaExceededException", name in QUOTAS)] if has}
    assert errors == (provoked & errors) | entry.unprovoked.keys()
    assert not provoked & entry.unprovoked.keys()


# Identifiers outside the path.
FURTHER_IDENTIFIERS = {"CreateMembership": ["collaborationIdentifier"], "ListTagsForResource": ["resourceArn"],
                       "CreateConfiguredTableAssociation": ["configuredTableIdentifier"],
                       "TagResource": ["resourceArn"], "UntagResource": ["resourceArn"]}


def missing_cases(name):
    return identifiers(OPERATIONS[name]) + FURTHER_IDENTIFIERS.get(name, [])


@pytest.mark.parametrize("name", WORKING)
def test_success(seen, name):
    """The response is checked against the model as it arrives."""
    assert seen(name) == "works"


@pytest.mark.parametrize("name", FEATURE)
def test_refused_as_not_available(seen, name):
    assert seen(name) == f"refused as not available: {FEATURE[name]}"


def elsewhere(identifier):
    """An identifier or ARN of nothing."""
    return re.sub(r"[0-9a-f-]{36}$", str(uuid.uuid4()), identifier)


def unknown_kind(name):
    return ("ResourceNotFoundException", 404) if "ResourceNotFoundException" in declared(OPERATIONS[name]) else (
        "AccessDeniedException", 403)


@pytest.mark.parametrize("name, member", [(name, member) for name in WORKING for member in missing_cases(name)])
def test_unknown_resources(room, name, member):
    entry = WORKING[name]
    arguments = entry.arguments(room)
    unknown = elsewhere(arguments[member])
    kind, status, body = room.refusal(entry.member, name, {**arguments, member: unknown})
    assert (kind, status) == unknown_kind(name)
    if status == 404:
        assert body["resourceId"] == unknown


@pytest.mark.parametrize("name", [name for name in WORKING if WORKING[name].second != ANY])
def test_the_second_member(room, name):
    entry = WORKING[name]
    arguments = entry.arguments(room)
    second = other(entry.member)
    if entry.second == SAME:
        answers = [room.call(account, name, arguments) for account in (entry.member, second)]
        for answer in answers:
            del answer["ResponseMetadata"]
        assert answers[0] == answers[1]
        return
    kind, status, body = room.refusal(second, name, arguments)
    if entry.second == DENIED:
        assert (kind, status, body["reason"]) == ("AccessDeniedException", 403, "INSUFFICIENT_PERMISSIONS")
    else:
        assert entry.second == MISSING and (kind, status) == unknown_kind(name)


@pytest.mark.parametrize("name", [name for name in WORKING if missing_cases(name)])
def test_an_outsider_learns_nothing(room, name):
    """What exists and what does not are refused in the same words."""
    entry = WORKING[name]
    arguments = entry.arguments(room)
    texts = []
    unknown = {member: elsewhere(arguments[member]) for member in missing_cases(name)}
    for given in (arguments, {**arguments, **unknown}):
        kind, status, body = room.refusal(OUTSIDER, name, given)
        assert (kind, status) == unknown_kind(name)
        text = body["Error"]["Message"]
        for member in missing_cases(name):
            text = text.replace(given[member], member)
        texts.append(text)
    assert texts[0] == texts[1]


@pytest.mark.parametrize("name", [name for name in WORKING if WORKING[name].denied])
def test_denied(room, name):
    account, arguments = WORKING[name].denied(room)
    kind, status, body = room.refusal(account, name, arguments)
    assert (kind, status, body["reason"]) == ("AccessDeniedException", 403, "INSUFFICIENT_PERMISSIONS")


@pytest.mark.parametrize("name", [name for name in WORKING if WORKING[name].conflict])
def test_conflict(room, name):
    account, arguments, reason = WORKING[name].conflict(room)
    kind, status, body = room.refusal(account, name, arguments)
    assert (kind, status, body["reason"]) == ("ConflictException", 409, reason)


def test_lists_hold_only_what_is_visible(room):
    """Lists without a path: the second member sees the shared collaboration, nobody sees another one's tables."""
    assert [c["id"] for c in room.c.list_collaborations()["collaborationList"]] == []
    assert room.c.list_memberships()["membershipSummaries"] == []
    assert room.collaboration in [c["id"] for c in room.b.list_collaborations()["collaborationList"]]
    tables = [{t["id"] for t in client.list_configured_tables()["configuredTableSummaries"]}
              for client in (room.a, room.b, room.c)]
    assert room.purchases in tables[0] and room.impressions in tables[1] and tables[2] == set()
    assert not tables[0] & tables[1]


def test_a_collaboration_as_each_member_sees_it(room):
    mine, theirs = (client.get_collaboration(collaborationIdentifier=room.collaboration)["collaboration"]
                    for client in (room.a, room.b))
    assert {name for name in mine if mine[name] != theirs[name]} == {"membershipId", "membershipArn"}


TAGGED = [name for name in WORKING if name.startswith("Create") and "tags" in OPERATIONS[name].input_shape.members]


@pytest.mark.parametrize("name", TAGGED)
def test_tags_of_a_new_resource(room, name):
    account = WORKING[name].member
    answer = room.call(account, name, WORKING[name].arguments(room))
    [arn] = [made["arn"] for made in answer.values() if "arn" in made]
    assert room.call(account, "ListTagsForResource", {"resourceArn": arn})["tags"] == {"team": "ads"}
    room.call(account, "TagResource", {"resourceArn": arn, "tags": {"team": "sales", "b c": ""}})
    room.call(account, "UntagResource", {"resourceArn": arn, "tagKeys": ["b c", "unknown"]})
    assert room.call(account, "ListTagsForResource", {"resourceArn": arn})["tags"] == {"team": "sales"}
    assert room.refusal(other(account), "ListTagsForResource", {"resourceArn": arn})[:2] == (
        "ResourceNotFoundException", 404)


def test_a_receiver_sees_its_result_and_not_the_text(room):
    query = room.query_for(PARTNER)
    assert room.wait(query)["sqlParameters"]["queryString"]
    seen = room.b.get_protected_query(
        membershipIdentifier=room.membership(PARTNER), protectedQueryIdentifier=query)["protectedQuery"]
    assert seen["status"] == "SUCCESS" and seen["result"]["output"]["s3"]["location"].startswith("s3://")
    assert not {"sqlParameters", "resultConfiguration"} & seen.keys()
