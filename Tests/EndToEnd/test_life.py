"""The life of a query: receivers, cancelling, limits, crashes, and the log."""
import glob
import json
import os
import time

import duckdb
import pytest

import howto
from client import APIError
from howto import PARTNER, RETAILER
from room import BANK, read_csv
from test_results import AGGREGATIONS, P_A

QUERY = AGGREGATIONS[4].sql
TERMINAL = ("SUCCESS", "FAILED", "CANCELLED", "TIMED_OUT")


def results(room, account):
    return sorted(glob.glob(room.path(account, "results/**/*"), recursive=True))


def files(room, account):
    return [path for path in results(room, account) if os.path.isfile(path)]


def hidden(room, account):
    return glob.glob(room.path(account, "results/**/.*"), recursive=True)


def test_to_another_member(small_room):
    """The runner asks, another member receives: in its own bucket, prefix and format; the runner gets nothing."""
    ended = small_room.run(QUERY, configuration={"outputConfiguration": {"member": {"accountId": BANK}}})
    assert ended["status"] == "SUCCESS", ended
    assert ended["result"]["output"] == {"memberList": [{"accountId": BANK}]}
    path = small_room.path(BANK, f"results/from-partners/{ended['id']}.parquet")
    assert files(small_room, BANK) == [path] and files(small_room, RETAILER) == []
    assert duckdb.sql(f"SELECT count(*) FROM read_parquet('{path}')").fetchone()[0] > 0
    seen = small_room.clients[BANK].call("GetProtectedQuery", membershipIdentifier=small_room.membership(BANK),
                                         protectedQueryIdentifier=ended["id"])["protectedQuery"]
    assert seen["status"] == "SUCCESS" and "sqlParameters" not in seen
    with pytest.raises(APIError) as error:
        small_room.clients[PARTNER].call("GetProtectedQuery", membershipIdentifier=small_room.membership(PARTNER),
                                         protectedQueryIdentifier=ended["id"])
    assert error.value.status == 404


def test_to_several(small_room):
    ended = small_room.run(QUERY, configuration={"outputConfiguration": {"distribute": {"locations": [
        howto.output("mine/")["outputConfiguration"], {"member": {"accountId": PARTNER}},
        {"member": {"accountId": BANK}}]}}})
    assert ended["status"] == "SUCCESS", ended
    output = ended["result"]["output"]["distribute"]
    mine = read_csv(small_room.result_path(output["s3"]["location"]))
    theirs = read_csv(small_room.path(PARTNER, f"results/campaign-analysis/{ended['id']}.csv"))
    assert mine == theirs and len(mine) > 1
    assert {member["accountId"] for member in output["memberList"]} == {PARTNER, BANK}
    assert len(files(small_room, BANK)) == 1


def test_the_other_member_can_run_too(small_room):
    rows = small_room.rows(f"SELECT ai.campaign_name, COUNT(DISTINCT p.hashed_email) FROM {P_A} GROUP BY 1", PARTNER)
    assert len(rows) > 1


def test_a_member_without_can_query_cannot(small_room):
    error = small_room.refusal(QUERY, BANK)
    assert (error.kind, error.status) == ("AccessDeniedException", 403)


def test_list_and_filter(small_room):
    first = small_room.run(QUERY)["id"]
    second = small_room.run(QUERY)["id"]
    call = small_room.clients[RETAILER].call
    listed = lambda **filters: [summary["id"] for summary in call(
        "ListProtectedQueries", membershipIdentifier=small_room.membership(RETAILER), **filters)["protectedQueries"]]
    assert listed() == [second, first] == listed(status="SUCCESS") == listed(status="COMPLETED")
    assert listed(status="FAILED") == []
    page = call("ListProtectedQueries", membershipIdentifier=small_room.membership(RETAILER), maxResults=1)
    assert [summary["id"] for summary in page["protectedQueries"]] == [second]
    assert listed(maxResults=1, nextToken=page["nextToken"]) == [first]


def slow_down(room):
    """Stops the partner's daemon in the middle of everything, so that a query cannot end."""
    room.daemon(PARTNER).process.send_signal(19)


def go_on(room):
    room.daemon(PARTNER).process.send_signal(18)


def test_cancel(small_room):
    slow_down(small_room)
    query = small_room.submit(QUERY)
    call = small_room.clients[RETAILER].call
    answer = call("UpdateProtectedQuery", membershipIdentifier=small_room.membership(RETAILER),
                  protectedQueryIdentifier=query, targetStatus="CANCELLED")["protectedQuery"]
    assert answer["status"] in ("CANCELLING", "CANCELLED")
    began = time.monotonic()
    assert small_room.wait(query)["status"] == "CANCELLED" and time.monotonic() - began < 10
    go_on(small_room)
    with pytest.raises(APIError) as error:
        call("UpdateProtectedQuery", membershipIdentifier=small_room.membership(RETAILER),
             protectedQueryIdentifier=query, targetStatus="CANCELLED")
    assert (error.value.kind, error.value.body["reason"]) == ("ConflictException", "INVALID_STATE")
    assert files(small_room, RETAILER) == [] and hidden(small_room, RETAILER) == []


def test_time_limit(small_room):
    small_room.daemon("coordinator").stop()
    path = os.path.join(small_room.folder, "coordinator", "coordinator.yaml")
    text = open(path).read().replace("queryTime: 15min", "queryTime: 2s")
    open(path, "w").write(text)
    small_room.daemon("coordinator").start()
    wait_for_links(small_room)
    slow_down(small_room)
    ended = small_room.wait(small_room.submit(QUERY))
    go_on(small_room)
    assert ended["status"] == "TIMED_OUT" and "queryTime" in ended["error"]["message"]
    assert files(small_room, RETAILER) == []


def wait_for_links(room, timeout=20):
    deadline = time.monotonic() + timeout
    for client in room.clients.values():
        while True:
            try:
                client.call("ListCollaborations")
                break
            except APIError:
                assert time.monotonic() < deadline
                time.sleep(0.1)


def test_an_absent_member_is_named(small_room):
    assert small_room.daemon(PARTNER).stop() == 0
    began = time.monotonic()
    ended = small_room.wait(small_room.submit(QUERY))
    assert ended["status"] == "FAILED" and time.monotonic() - began < 15
    assert PARTNER in ended["error"]["message"] and "AdTech Partner" in ended["error"]["message"]
    small_room.daemon(PARTNER).start()
    assert small_room.run(QUERY)["status"] == "SUCCESS"


def test_a_member_killed_on_the_way_is_named(small_room):
    slow_down(small_room)
    query = small_room.submit(QUERY)
    time.sleep(0.5)
    small_room.daemon(PARTNER).kill()
    began = time.monotonic()
    ended = small_room.wait(query)
    assert ended["status"] == "FAILED" and time.monotonic() - began < 15
    assert PARTNER in ended["error"]["message"]


@pytest.mark.parametrize("pause", [0.0, 0.05, 0.2])
def test_killed_coordinator(small_room, pause):
    """After kill -9 and restart every query ends in one terminal status; results are whole or absent."""
    queries = [small_room.submit(QUERY) for _ in range(3)]
    time.sleep(pause)
    small_room.daemon("coordinator").kill()
    small_room.daemon("coordinator").start()
    wait_for_links(small_room)
    began = time.monotonic()
    for query in queries:
        ended = small_room.wait(query, timeout=30)
        assert ended["status"] in ("SUCCESS", "FAILED")
        path = small_room.path(RETAILER, f"results/tests/{query}.csv")
        deadline = time.monotonic() + 10
        while ended["status"] == "SUCCESS" and not os.path.exists(path) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert os.path.exists(path) == (ended["status"] == "SUCCESS")
    assert time.monotonic() - began < 30
    deadline = time.monotonic() + 10
    while hidden(small_room, RETAILER) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert hidden(small_room, RETAILER) == []
    assert small_room.run(QUERY)["status"] == "SUCCESS"


def test_killed_members(small_room):
    """Memberships, tables, rules and associations survive; the room works on."""
    for account, _ in small_room.members:
        small_room.daemon(account).kill()
        small_room.daemon(account).start()
    wait_for_links(small_room)
    assert small_room.run(QUERY)["status"] == "SUCCESS"


def test_everything_stops_in_time(small_room):
    for daemon in small_room.daemons.values():
        began = time.monotonic()
        assert daemon.stop() == 0 and time.monotonic() - began < 10


def test_analysis_log(small_room):
    done = small_room.run(QUERY)["id"]
    small_room.refusal("SELECT p.email FROM purchases p")

    def log(account):
        path = small_room.path(account, f"state/logs/{small_room.ids['collaboration']}.jsonl")
        if not os.path.exists(path):
            return []
        with open(path) as file:
            return [json.loads(line) for line in file]

    deadline = time.monotonic() + 10
    while len(log(RETAILER)) < 4 and time.monotonic() < deadline:
        time.sleep(0.1)
    own = log(RETAILER)
    submitted = [e for e in own if e["eventId"] == done and e["logStage"] == "SUBMISSION"]
    assert {e["schemaName"] for e in submitted} == {"purchases", "ad_impressions"}
    assert all(e["collaborationId"] == small_room.ids["collaboration"] for e in submitted)
    assert [e["queryText"] for e in submitted if "queryText" in e] == [QUERY]
    assert [e["status"] for e in own if e["eventId"] == done and e["logStage"] == "TERMINATION"]
    refused = [e for e in own if e["logStage"] == "SUBMISSION" and e["eventId"] != done]
    assert refused and "email" in refused[0]["queryValidationErrors"]
    partner = [e for e in log(PARTNER) if e["eventId"] == done]
    assert {e["schemaName"] for e in partner if e["logStage"] == "SUBMISSION"}
    # Others' configured tables are not named; the bank has nothing to do with this query.
    assert all("configuredTableId" not in e for e in partner if e.get("schemaName") == "purchases")
    assert log(BANK) == []
