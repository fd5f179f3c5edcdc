"""Changing who belongs to a collaboration: change requests, removal, leaving, withdrawing offline, tags."""
import time

import pytest

from client import APIError
from howto import PARTNER, RETAILER
from lying import LyingCoordinator, altered, payload
from room import BANK
from test_life import wait_for_links
from test_results import AGGREGATIONS

QUERY = AGGREGATIONS[4].sql
NEWCOMER = "222222222222"


def refused(call, operation, **arguments):
    with pytest.raises(APIError) as error:
        call(operation, **arguments)
    return error.value


def member_change(account, abilities, **more):
    return {"specificationType": "MEMBER",
            "specification": {"member": {"accountId": account, "memberAbilities": abilities, **more}}}


def propose(room, *changes):
    return room.clients[RETAILER].call(
        "CreateCollaborationChangeRequest", collaborationIdentifier=room.ids["collaboration"],
        changes=list(changes))["collaborationChangeRequest"]


def act(room, account, request, action):
    return room.clients[account].call(
        "UpdateCollaborationChangeRequest", collaborationIdentifier=room.ids["collaboration"],
        changeRequestIdentifier=request["id"], action=action)["collaborationChangeRequest"]


def members(room, account=RETAILER):
    listed = room.clients[account].call("ListMembers", collaborationIdentifier=room.ids["collaboration"])
    return {member["accountId"]: member for member in listed["memberSummaries"]}


def test_everybody_approves_and_the_creator_commits(small_room):
    where = {"collaborationIdentifier": small_room.ids["collaboration"]}
    request = propose(small_room, member_change(BANK, []))
    assert request["status"] == "PENDING" and not request["isAutoApproved"]
    assert request["changes"][0]["types"] == ["REVOKE_RECEIVE_RESULTS_ABILITY"]
    assert {a: v["status"] for a, v in request["approvals"].items()} == {PARTNER: "PENDING", BANK: "PENDING"}
    update = {**where, "changeRequestIdentifier": request["id"]}
    early = refused(small_room.clients[RETAILER].call, "UpdateCollaborationChangeRequest", **update, action="COMMIT")
    assert (early.status, early.body["reason"]) == (409, "INVALID_STATE")
    assert act(small_room, PARTNER, request, "APPROVE")["status"] == "PENDING"
    assert act(small_room, BANK, request, "APPROVE")["status"] == "APPROVED"
    assert refused(small_room.clients[PARTNER].call, "UpdateCollaborationChangeRequest", **update,
                   action="COMMIT").status == 403
    assert act(small_room, RETAILER, request, "COMMIT")["status"] == "COMMITTED"
    assert members(small_room)[BANK]["abilities"] == []
    to_bank = {"outputConfiguration": {"member": {"accountId": BANK}}}
    assert refused(lambda *_: small_room.submit(QUERY, configuration=to_bank), "").status == 400
    assert small_room.run(QUERY)["status"] == "SUCCESS"
    listed = small_room.clients[PARTNER].call("ListCollaborationChangeRequests", **where, status="COMMITTED")
    assert [r["id"] for r in listed["collaborationChangeRequestSummaries"]] == [request["id"]]


def test_one_denial_is_enough_and_cancelled_is_cancelled(small_room):
    first = propose(small_room, member_change(NEWCOMER, [], displayName="New"))
    assert first["changes"][0]["types"] == ["ADD_MEMBER"]
    assert act(small_room, PARTNER, first, "DENY")["status"] == "DENIED"
    second = propose(small_room, member_change(NEWCOMER, [], displayName="New"))
    assert act(small_room, RETAILER, second, "CANCEL")["status"] == "CANCELLED"
    assert NEWCOMER not in members(small_room)


def test_a_removed_member_is_out(small_room):
    where = {"collaborationIdentifier": small_room.ids["collaboration"]}
    assert refused(small_room.clients[PARTNER].call, "DeleteMember", **where, accountId=BANK).status == 403
    small_room.clients[RETAILER].call("DeleteMember", **where, accountId=BANK)
    assert members(small_room)[BANK]["status"] == "REMOVED"
    assert refused(small_room.clients[BANK].call, "GetCollaboration", **where).status == 403
    seen = small_room.clients[BANK].call("GetMembership", membershipIdentifier=small_room.membership(BANK))
    assert seen["membership"]["status"] == "REMOVED"
    schemas = small_room.clients[RETAILER].call("ListSchemas", **where)["schemaSummaries"]
    assert "cards" not in [schema["name"] for schema in schemas]
    again = refused(small_room.clients[RETAILER].call, "DeleteMember", **where, accountId=BANK)
    assert (again.status, again.body["reason"]) == (409, "INVALID_STATE")
    assert small_room.run(QUERY)["status"] == "SUCCESS"


def test_withdrawing_and_leaving_without_the_coordinator(small_room):
    call, membership = small_room.clients[BANK].call, small_room.membership(BANK)
    [table] = call("ListConfiguredTableAssociations",
                   membershipIdentifier=membership)["configuredTableAssociationSummaries"]
    small_room.daemon("coordinator").stop()
    assert refused(call, "DeleteMembership", membershipIdentifier=membership).body["reason"] == "SUBRESOURCES_EXIST"
    call("DeleteConfiguredTableAssociation", membershipIdentifier=membership,
         configuredTableAssociationIdentifier=table["id"])
    call("DeleteMembership", membershipIdentifier=membership)
    small_room.daemon(BANK).kill()
    small_room.daemon("coordinator").start()
    small_room.daemon(BANK).start()
    wait_for_links(small_room)
    deadline = time.monotonic() + 15
    while members(small_room)[BANK]["status"] != "LEFT" and time.monotonic() < deadline:
        time.sleep(0.2)
    assert members(small_room)[BANK]["status"] == "LEFT"
    # Nobody waits for the approval of a member that left.
    request = propose(small_room, member_change(PARTNER, []))
    assert act(small_room, PARTNER, request, "APPROVE")["status"] == "APPROVED"
    assert act(small_room, RETAILER, request, "COMMIT")["status"] == "COMMITTED"
    assert small_room.run(QUERY)["status"] == "SUCCESS"


def test_owners_believe_no_other_history(small_room):
    """A coordinator that forges, drops or reorders amendments, or leaves approvals out, gets nothing."""
    for abilities in ([], ["CAN_RECEIVE_RESULTS"]):
        request = propose(small_room, member_change(BANK, abilities))
        for account in (PARTNER, BANK):
            act(small_room, account, request, "APPROVE")
        act(small_room, RETAILER, request, "COMMIT")
    # The partner has not heard of the amendments yet: every query until now ran without them.
    small_room.daemon(PARTNER).stop()
    query = small_room.submit(QUERY)
    small_room.wait(query)
    small_room.daemon("coordinator").stop()
    liar = LyingCoordinator(small_room)
    try:
        [record] = liar.documents("collaboration")
        amendments = record["amendments"]
        assert [payload(a["amendment"])["number"] for a in amendments] == [1, 2]
        small_room.daemon(PARTNER).start()
        link = liar.meet(PARTNER)
        genuine = {**liar.announcement(), "charter": record["signedCharter"]}

        def answer(history):
            return liar.ask(link, "release", {**genuine, "amendments": history})[1] or ""

        assert "not in order" in answer(amendments[::-1])
        assert "not in order" in answer(amendments[1:])
        assert "lacks the approval" in answer([{**amendments[0], "approvals": amendments[0]["approvals"][:1]}])
        assert "lacks the approval" in answer([{**amendments[0], "approvals": amendments[1]["approvals"]}])
        forged = altered(amendments[0]["amendment"], lambda content: content.update(number=1, at=content["at"] + 1))
        assert "not signed by the creator" in answer([{**amendments[0], "amendment": forged}])
        assert "amendment" not in answer(amendments)
        assert "is missing" in answer(amendments[:1])
    finally:
        liar.close()


def test_tags(small_room):
    call = small_room.clients[RETAILER].call
    table = call("GetConfiguredTable", configuredTableIdentifier=small_room.ids["purchases"])["configuredTable"]["arn"]
    call("TagResource", resourceArn=table, tags={"team": "data", "stage": "test"})
    call("UntagResource", resourceArn=table, tagKeys=["stage"])
    assert call("ListTagsForResource", resourceArn=table)["tags"] == {"team": "data"}
    assert refused(call, "TagResource", resourceArn=table, tags={"aws:x": "y"}).status == 400
    many = {f"k{number}": "" for number in range(50)}
    assert refused(call, "TagResource", resourceArn=table, tags=many).status == 400
    unknown = table[:-1] + ("0" if table[-1] != "0" else "1")
    foreign = table.replace(RETAILER, PARTNER)
    errors = [refused(call, "ListTagsForResource", resourceArn=arn) for arn in (unknown, foreign)]
    assert [error.status for error in errors] == [404, 404]
    assert errors[0].body["message"].replace(unknown, "") == errors[1].body["message"].replace(foreign, "")
