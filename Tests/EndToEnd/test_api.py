"""Operations of the API beyond the how-to, between running daemons."""
import subprocess

import pytest

import howto
import room
from client import APIError
from howto import PARTNER, RETAILER
from room import BANK
from test_results import AGGREGATIONS

QUERY = AGGREGATIONS[4].sql


def association(room, account):
    """The keyword arguments that name an account's one association."""
    membership = room.membership(account)
    listed = room.clients[account].call("ListConfiguredTableAssociations", membershipIdentifier=membership)
    return {"membershipIdentifier": membership,
            "configuredTableAssociationIdentifier": listed["configuredTableAssociationSummaries"][0]["id"]}


def policy(receivers, kind="list"):
    return {"v1": {kind: {"allowedResultReceivers": receivers}}}


def schema_rule(room, account):
    return room.clients[account].call("GetSchemaAnalysisRule", collaborationIdentifier=room.ids["collaboration"],
                                      name="ad_impressions", type="LIST")["analysisRule"]


def test_an_owner_decides_who_receives(small_room):
    call, where = small_room.clients[PARTNER].call, association(small_room, PARTNER)
    rule = call("CreateConfiguredTableAssociationAnalysisRule", **where, analysisRuleType="LIST",
                analysisRulePolicy=policy([PARTNER]))["analysisRule"]
    assert rule["policy"] == policy([PARTNER]) and rule["type"] == "LIST"
    assert schema_rule(small_room, RETAILER)["collaborationPolicy"] == policy([PARTNER])
    assert schema_rule(small_room, RETAILER)["consolidatedPolicy"]["v1"]["list"]["allowedResultReceivers"] == [PARTNER]
    error = small_room.refusal(QUERY)
    assert error.body["reason"] == "INVALID_QUERY"
    assert f"{RETAILER} may not receive results from table ad_impressions" in error.body["message"]
    to_partner = {"outputConfiguration": {"member": {"accountId": PARTNER}}}
    assert small_room.run(QUERY, configuration=to_partner)["status"] == "SUCCESS"
    call("UpdateConfiguredTableAssociationAnalysisRule", **where, analysisRuleType="LIST",
         analysisRulePolicy=policy([RETAILER]))
    assert small_room.run(QUERY)["status"] == "SUCCESS"
    call("DeleteConfiguredTableAssociationAnalysisRule", **where, analysisRuleType="LIST")
    assert "collaborationPolicy" not in schema_rule(small_room, RETAILER)


def test_an_association_rule_has_to_fit(small_room):
    call, where = small_room.clients[PARTNER].call, association(small_room, PARTNER)

    def refused(operation, **arguments):
        with pytest.raises(APIError) as error:
            call(operation, **arguments)
        return error.value

    create = "CreateConfiguredTableAssociationAnalysisRule"
    error = refused(create, **where, analysisRuleType="LIST", analysisRulePolicy=policy([BANK, "222222222222"]))
    assert [field["name"] for field in error.body["fieldList"]] == [
        "analysisRulePolicy.v1.list.allowedResultReceivers[1]"]
    error = refused(create, **where, analysisRuleType="AGGREGATION", analysisRulePolicy=policy([], "aggregation"))
    assert [field["name"] for field in error.body["fieldList"]] == ["analysisRuleType"]
    call(create, **where, analysisRuleType="LIST", analysisRulePolicy=policy([]))
    error = refused("DeleteConfiguredTableAnalysisRule", configuredTableIdentifier=small_room.ids["impressions"],
                    analysisRuleType="LIST")
    assert (error.status, error.body["reason"]) == (409, "SUBRESOURCES_EXIST")


def test_a_new_name_leaves_the_charter_alone(small_room):
    where = {"collaborationIdentifier": small_room.ids["collaboration"]}
    answer = small_room.clients[RETAILER].call("UpdateCollaboration", **where, name="renamed", description="new words")
    assert (answer["collaboration"]["name"], answer["collaboration"]["description"]) == ("renamed", "new words")
    seen = small_room.clients[PARTNER].call("GetCollaboration", **where)["collaboration"]
    assert (seen["name"], seen["description"]) == ("renamed", "new words")
    listed = small_room.clients[PARTNER].call("ListMemberships")["membershipSummaries"]
    assert [membership["collaborationName"] for membership in listed] == ["renamed"]
    with pytest.raises(APIError) as error:
        small_room.clients[PARTNER].call("UpdateCollaboration", **where, name="mine")
    assert error.value.status == 403
    assert small_room.run(QUERY)["status"] == "SUCCESS"


def test_batches_name_what_is_missing(shared_room):
    where = {"collaborationIdentifier": shared_room.ids["collaboration"]}
    call = shared_room.clients[RETAILER].call
    answer = call("BatchGetSchema", **where, names=["purchases", "nothing", "ad_impressions"])
    assert [schema["name"] for schema in answer["schemas"]] == ["purchases", "ad_impressions"]
    assert answer["schemas"][0] == call("GetSchema", **where, name="purchases")["schema"]
    assert [set(error) for error in answer["errors"]] == [{"name", "code", "message"}]
    assert answer["errors"][0]["name"] == "nothing"
    answer = call("BatchGetSchemaAnalysisRule", **where, schemaAnalysisRuleRequests=[
        {"name": "ad_impressions", "type": "LIST"}, {"name": "purchases", "type": "LIST"}])
    assert [rule["name"] for rule in answer["analysisRules"]] == ["ad_impressions"]
    assert [(error["name"], error["type"]) for error in answer["errors"]] == [("purchases", "LIST")]
    for names in ([], ["x"] * 26):
        with pytest.raises(APIError) as error:
            call("BatchGetSchema", **where, names=names)
        assert error.value.body["fieldList"][0]["name"] == "names"


def test_a_collaboration_without_cleartext(binary, tmp_path, monkeypatch):
    """Its queries match and count; no value of a column reaches the coordinator."""
    original = howto.collaboration
    monkeypatch.setattr(howto, "collaboration", lambda strict=False: {
        **original(strict), "dataEncryptionMetadata": {
            "allowCleartext": False, "allowDuplicates": True, "preserveNulls": True,
            "allowJoinsOnColumnsWithDifferentNames": True}})
    with room.Room(binary, tmp_path, scale=0.01) as made:
        made.set_up()
        error = made.refusal(QUERY)
        assert (error.status, error.body["reason"]) == (400, "INVALID_QUERY")
        assert "(dataEncryptionMetadata.allowCleartext)" in error.body["message"]
        matched = ("SELECT COUNT(DISTINCT p.hashed_email) AS people FROM purchases p "
                   "INNER JOIN ad_impressions ai ON p.hashed_email = ai.hashed_email WHERE p.store_region <> 'x'")
        (_, (people,)) = made.rows(matched)
        assert int(people) >= 25
        shown = subprocess.run([binary, "explain", "--config", made.path(RETAILER, "member.yaml"), "--collaboration",
                                made.ids["collaboration"], QUERY], capture_output=True, text=True)
        assert shown.returncode == 2 and "allows no cleartext" in shown.stdout
