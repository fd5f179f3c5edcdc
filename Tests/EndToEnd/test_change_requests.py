"""What change requests lead to: a fourth organization joins in, and rights that change while queries run."""
import csv
import glob
import json
import os
import sqlite3
import time

import duckdb
import pytest

import demo_data
import howto
from howto import PARTNER, RETAILER
from room import BANK, MEMBERS, Room
from test_life import files, go_on, slow_down
from test_membership import NEWCOMER, QUERY, act, member_change, members, propose, refused
from test_results import ALL, P_A

SURVEY_CATALOG = """
catalog:
  panel:
    survey:
      source: {csv: data/survey.csv}
      keys:
        hashed_email: {form: sha256-hex}
"""
SURVEY_RULE = {"v1": {"list": {"joinColumns": ["hashed_email"], "listColumns": ["answer"]}}}
THREE_PARTIES = f"""SELECT s.answer, COUNT(DISTINCT p.hashed_email) AS people, SUM(p.purchase_amount) AS total
FROM {P_A} INNER JOIN survey s ON p.hashed_email = s.hashed_email GROUP BY s.answer"""


def write_survey(path, customers):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["name", "hashed_email", "answer"])
        for number in range(0, customers, 3):
            out.writerow([demo_data.name_of(number), demo_data.hashed(demo_data.email_of(number)),
                          ["yes", "no", "perhaps"][number % 7 % 3]])


@pytest.fixture
def open_room(binary, tmp_path, monkeypatch):
    """A fourth organization waits outside; the charter approves additions and revocations by itself."""
    original = howto.collaboration
    monkeypatch.setattr(howto, "collaboration", lambda strict=False: {
        **original(strict), "autoApprovedChangeRequestTypes": ["ADD_MEMBER", "REVOKE_RECEIVE_RESULTS_ABILITY"]})
    with Room(binary, tmp_path / "room", scale=0.01, members=MEMBERS + [(NEWCOMER, "New Panel")]) as made:
        prepare = made.prepare

        def with_survey():
            prepare()
            write_survey(made.path(NEWCOMER, "data/survey.csv"), 1000)
            made.add_to_configuration(NEWCOMER, SURVEY_CATALOG)
            return made

        made.prepare = with_survey
        made.set_up()
        yield made


def add_newcomer(room):
    request = propose(room, member_change(NEWCOMER, [], displayName="New Panel"))
    assert (request["status"], request["isAutoApproved"]) == ("APPROVED", True) and not request.get("approvals")
    assert act(room, RETAILER, request, "COMMIT")["status"] == "COMMITTED"
    assert members(room)[NEWCOMER]["status"] == "INVITED"


def join_newcomer(room):
    call = room.clients[NEWCOMER].call
    membership = call("CreateMembership", collaborationIdentifier=room.ids["collaboration"], queryLogStatus="ENABLED",
                      defaultResultConfiguration=howto.output("panel/"))["membership"]["id"]
    table = call("CreateConfiguredTable", name="survey", analysisMethod="DIRECT_QUERY",
                 tableReference={"glue": {"tableName": "survey", "databaseName": "panel"}},
                 allowedColumns=["hashed_email", "answer"])["configuredTable"]["id"]
    call("CreateConfiguredTableAnalysisRule", configuredTableIdentifier=table, analysisRuleType="LIST",
         analysisRulePolicy=SURVEY_RULE)
    call("CreateConfiguredTableAssociation", configuredTableIdentifier=table, membershipIdentifier=membership,
         name="survey", roleArn=howto.role(NEWCOMER, "CleanRoomsTableRole"))
    return membership


def secret(room, path):
    with sqlite3.connect(path) as database:
        [(text,)] = database.execute("SELECT json FROM document WHERE kind = 'secret'").fetchall()
    return json.loads(text)["secret"]


def expected(room, sql):
    cursor = duckdb.connect()
    cursor.execute(f"""CREATE VIEW purchases AS SELECT * REPLACE (purchase_amount::DECIMAL(12,2) AS purchase_amount)
        FROM read_csv('{room.path(RETAILER, 'data/purchases.csv')}', types = {{'purchase_amount': 'VARCHAR'}})""")
    cursor.execute(f"""CREATE VIEW ad_impressions AS SELECT *, sha256(lower(trim(user_email))) AS hashed_email
        FROM read_csv('{room.path(PARTNER, 'data/impressions.csv')}')""")
    cursor.execute(f"CREATE VIEW survey AS FROM read_csv('{room.path(NEWCOMER, 'data/survey.csv')}')")
    return [[str(cell) for cell in row] for row in cursor.execute(sql).fetchall()]


def test_a_new_member_takes_part(open_room):
    """Added, asked, joined, given the secret through the sealed passage, and one of three owners of a query."""
    add_newcomer(open_room)
    assert refused(open_room.clients[NEWCOMER].call, "ListSchemas",
                   collaborationIdentifier=open_room.ids["collaboration"]).status == 403
    # Rights to results need everybody, the newcomer included, which has not joined yet.
    request = propose(open_room, member_change(NEWCOMER, ["CAN_RECEIVE_RESULTS"]))
    assert request["changes"][0]["types"] == ["GRANT_RECEIVE_RESULTS_ABILITY"]
    assert set(request["approvals"]) == {PARTNER, BANK, NEWCOMER} and request["status"] == "PENDING"
    for account in (PARTNER, BANK, NEWCOMER):
        status = act(open_room, account, request, "APPROVE")["status"]
    assert status == "APPROVED" and act(open_room, RETAILER, request, "COMMIT")["status"] == "COMMITTED"

    membership = join_newcomer(open_room)
    header, *rows = open_room.rows(THREE_PARTIES)
    assert header == ["answer", "people", "total"] and len(rows) == 3
    assert sorted(rows) == sorted(expected(open_room, THREE_PARTIES))
    to_newcomer = {"outputConfiguration": {"member": {"accountId": NEWCOMER}}}
    ended = open_room.run(THREE_PARTIES, configuration=to_newcomer)
    assert ended["status"] == "SUCCESS" and ended["result"]["output"] == {"memberList": [{"accountId": NEWCOMER}]}
    seen = open_room.clients[NEWCOMER].call("GetMembership", membershipIdentifier=membership)["membership"]
    assert seen["memberAbilities"] == ["CAN_RECEIVE_RESULTS"]

    made = secret(open_room, open_room.path(RETAILER, "state/state.sqlite"))
    assert secret(open_room, open_room.path(NEWCOMER, "state/state.sqlite")) == made
    for name in glob.glob(os.path.join(open_room.folder, "coordinator", "state", "state.sqlite*")):
        with open(name, "rb") as file:
            assert made.encode() not in file.read(), name


def test_denied_is_not_done(open_room):
    request = propose(open_room, member_change(NEWCOMER, ["CAN_RECEIVE_RESULTS"], displayName="New Panel"))
    assert request["changes"][0]["types"] == ["ADD_MEMBER", "GRANT_RECEIVE_RESULTS_ABILITY"]
    assert act(open_room, PARTNER, request, "APPROVE")["status"] == "PENDING"
    assert act(open_room, BANK, request, "DENY")["status"] == "DENIED"
    error = refused(lambda *_: act(open_room, RETAILER, request, "COMMIT"), "")
    assert (error.status, error.body["reason"]) == (409, "INVALID_STATE")
    assert NEWCOMER not in members(open_room)
    assert refused(open_room.clients[NEWCOMER].call, "CreateMembership", queryLogStatus="ENABLED",
                   collaborationIdentifier=open_room.ids["collaboration"]).status in (403, 404)


def revoke(room, account):
    request = propose(room, member_change(account, []))
    assert request["isAutoApproved"] and request["changes"][0]["types"] == ["REVOKE_RECEIVE_RESULTS_ABILITY"]
    assert act(room, RETAILER, request, "COMMIT")["status"] == "COMMITTED"


def status(room, query):
    return room.clients[RETAILER].call("GetProtectedQuery", membershipIdentifier=room.membership(RETAILER),
                                       protectedQueryIdentifier=query)["protectedQuery"]["status"]


def start_slowly(room, sql, **more):
    """A query that has begun and waits for the partner."""
    slow_down(room)
    query = room.submit(sql, **more)
    time.sleep(1)
    assert status(room, query) == "STARTED"
    return query


def test_a_right_that_ends_while_the_query_runs(open_room):
    query = start_slowly(open_room, QUERY, configuration={"outputConfiguration": {"member": {"accountId": BANK}}})
    revoke(open_room, BANK)
    go_on(open_room)
    ended = open_room.wait(query)
    # The coordinator offers it no more; the receiver's own daemon would refuse it too.
    assert ended["error"]["code"] == "RULES_CHANGED" and "RESULTS any more" in ended["error"]["message"], ended
    assert files(open_room, BANK) == []


def test_an_amendment_does_not_disturb_a_running_query(open_room):
    """The runner knows the amended charter before its result comes."""
    query = start_slowly(open_room, QUERY)
    revoke(open_room, BANK)
    go_on(open_room)
    assert open_room.wait(query)["status"] == "SUCCESS"


def test_a_removed_members_running_query(open_room):
    """It waits for the bank when the creator removes the partner, which runs it."""
    open_room.daemon(BANK).process.send_signal(19)
    query = open_room.submit(
        f"SELECT ai.channel, COUNT(DISTINCT c.hashed_email) AS people FROM {ALL} GROUP BY ai.channel", PARTNER)
    open_room.clients[RETAILER].call(
        "DeleteMember", collaborationIdentifier=open_room.ids["collaboration"], accountId=PARTNER)
    ended = open_room.wait(query, PARTNER, timeout=5)
    open_room.daemon(BANK).process.send_signal(18)
    assert ended["status"] == "FAILED" and "was removed from the collaboration" in ended["error"]["message"], ended
    assert files(open_room, PARTNER) == []

    # Its own past stays readable; nothing of the collaboration is.
    call, where = open_room.clients[PARTNER].call, {"collaborationIdentifier": open_room.ids["collaboration"]}
    mine = {"membershipIdentifier": open_room.membership(PARTNER)}
    assert [item["id"] for item in call("ListProtectedQueries", **mine)["protectedQueries"]] == [query]
    assert call("GetMembership", **mine)["membership"]["status"] == "REMOVED"
    for operation, arguments in (
            ("ListSchemas", where), ("ListMembers", where), ("GetSchema", {**where, "name": "purchases"}),
            ("ListCollaborationChangeRequests", where), ("ListCollaborationAnalysisTemplates", where),
            ("CreateMembership", {**where, "queryLogStatus": "ENABLED"})):
        assert refused(call, operation, **arguments).status in (403, 404, 409), operation
    assert refused(lambda *_: open_room.submit(QUERY, PARTNER), "").status == 403
    assert refused(lambda *_: open_room.submit(QUERY), "").status == 400
    assert call("ListCollaborations")["collaborationList"] == []
