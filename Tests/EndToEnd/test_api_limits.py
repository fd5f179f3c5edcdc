"""What a member daemon and the coordinator do with more requests and queries than they take on at once."""
import contextlib
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor, as_completed

import room
from client import APIError, Client
from howto import PARTNER, RETAILER
from room import BANK

CARDS = "SELECT segment, COUNT(DISTINCT hashed_email) AS people FROM cards GROUP BY segment"
# Of the coordinator: one query runs, a hundred wait.
CAPACITY = 101
PLACES = 48


@contextlib.contextmanager
def stopped(daemon):
    """Its connections stay; it does not answer."""
    daemon.process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        daemon.process.send_signal(signal.SIGCONT)


def edit(path, old, new):
    with open(path) as file:
        text = file.read()
    assert old in text
    with open(path, "w") as file:
        file.write(text.replace(old, new))


def refusal(call, *arguments, **keywords):
    try:
        call(*arguments, **keywords)
    except APIError as error:
        return error
    return None


def accepted(room, account, most):
    """Starts queries until one is refused: the identifiers of those that were not, and the refusal."""
    queries = []
    for _ in range(most):
        try:
            queries.append(room.submit(CARDS, account))
        except APIError as error:
            return queries, error
    return queries, None


def listed(room, account):
    found, token = [], {}
    while token is not None:
        page = room.clients[account].call("ListProtectedQueries", membershipIdentifier=room.membership(account), **token)
        found += [query["id"] for query in page["protectedQueries"]]
        token = {"nextToken": page["nextToken"]} if "nextToken" in page else None
    return found


class OneAtATime(room.Room):
    def prepare(self):
        super().prepare()
        edit(os.path.join(self.folder, "coordinator", "coordinator.yaml"), "concurrentQueries: 4",
             "concurrentQueries: 1\n  memberWait: 5min")
        return self


def test_a_full_queue_refuses_and_takes_queries_again(binary, tmp_path):
    with OneAtATime(binary, tmp_path, scale=0.01) as made:
        made.set_up()
        # The first query waits for the table's owner, the others for the first.
        made.daemon(BANK).stop()
        queries, error = accepted(made, RETAILER, CAPACITY + 1)
        assert error and (error.status, error.kind) == (402, "ServiceQuotaExceededException")
        assert (error.body["quotaName"], error.body["quotaValue"]) == ("Concurrent queries", CAPACITY)
        assert "Try again" in error.body["message"] and len(queries) == CAPACITY
        # The queue is everybody's.
        assert refusal(made.submit, CARDS, PARTNER).status == 402
        made.daemon(BANK).start()
        assert sorted(listed(made, RETAILER)) == sorted(queries) and listed(made, PARTNER) == []
        assert {made.wait(query)["status"] for query in queries} == {"SUCCESS"}
        assert made.run(CARDS)["status"] == "SUCCESS"


def test_strict_mode_has_the_quota_of_aws(small_room):
    """Five queries of one membership at a time; other memberships have their own five."""
    where = {"membershipIdentifier": small_room.membership(BANK)}
    association = small_room.clients[BANK].call("ListConfiguredTableAssociations", **where)
    small_room.clients[BANK].call(
        "CreateConfiguredTableAssociationAnalysisRule", **where, analysisRuleType="AGGREGATION",
        configuredTableAssociationIdentifier=association["configuredTableAssociationSummaries"][0]["id"],
        analysisRulePolicy={"v1": {"aggregation": {"allowedResultReceivers": [RETAILER, PARTNER]}}})
    small_room.daemon(RETAILER).stop()
    edit(small_room.path(RETAILER, "member.yaml"), "mode: extended", "mode: strict")
    small_room.daemon(RETAILER).start()
    with stopped(small_room.daemon(BANK)):
        queries, error = accepted(small_room, RETAILER, 7)
        assert error and (error.status, error.kind) == (402, "ServiceQuotaExceededException")
        assert (error.body["quotaName"], error.body["quotaValue"]) == ("Concurrent queries per membership", 5)
        assert len(queries) == 5
        others, error = accepted(small_room, PARTNER, 6)
        assert len(others) == 6 and error is None
    assert {small_room.wait(query)["status"] for query in queries} == {"SUCCESS"}
    assert {small_room.wait(query, PARTNER)["status"] for query in others} == {"SUCCESS"}
    assert sorted(listed(small_room, RETAILER)) == sorted(queries)
    assert small_room.run(CARDS)["status"] == "SUCCESS"


def test_an_access_key_has_its_rate(binary, tmp_path):
    made = room.Room(binary, tmp_path, members=[(RETAILER, "Acme Retail"), (PARTNER, "AdTech Partner")])
    with made:
        made.prepare()
        edit(made.path(RETAILER, "member.yaml"), "mode: extended", "mode: extended\n  limits: {requestsPerSecond: 5}")
        with open(made.path(RETAILER, "credentials"), "a") as file:
            file.write("\n[other]\naws_access_key_id = AKIAOTHEROTHEROTHER1\naws_secret_access_key = other-secret\n")
        made.start()
        client = made.client(RETAILER)
        other = Client.from_profile(os.path.join(made.folder, "aws", "config"),
                                    os.path.join(made.folder, "aws", "credentials"), made.profile(RETAILER))
        other.access_key, other.secret = "AKIAOTHEROTHEROTHER1", "other-secret"
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: client.send("GET", "/configuredTables"), range(100)))
        refused = [headers.get("x-amzn-ErrorType") for status, headers, _ in answers if status == 429]
        assert set(refused) == {"ThrottlingException"} and {status for status, *_ in answers} == {200, 429}
        assert 5 <= 100 - len(refused) < 100
        assert b"5 requests a second" in next(body for status, _, body in answers if status == 429)
        assert other.call("ListConfiguredTables")["configuredTableSummaries"] == []
        time.sleep(1.1)
        assert [client.send("GET", "/configuredTables")[0] for _ in range(3)] == [200] * 3
        # Whoever has no valid signature learns nothing of the limit, and uses nobody's share.
        strangers = [client.send("GET", "/configuredTables", change=lambda headers: headers.pop("Authorization"))[0]
                     for _ in range(20)]
        assert set(strangers) == {403}


def test_more_requests_than_the_coordinator_answers(small_room):
    """They are answered that they are too many; those that wait are answered, and the link stays."""
    client, path = small_room.clients[RETAILER], "/collaborations/" + small_room.ids["collaboration"]
    with ThreadPoolExecutor(PLACES + 15) as pool:
        with stopped(small_room.daemon("coordinator")):
            waiting = [pool.submit(client.send, "GET", path) for _ in range(PLACES + 15)]
            refused = [done.result() for _, done in zip(range(15), as_completed(waiting, timeout=10))]
            assert {status for status, *_ in refused} == {429}
            assert {headers["x-amzn-ErrorType"] for _, headers, _ in refused} == {"ThrottlingException"}
            assert sum(one.done() for one in waiting) == 15
            # What this organization decides alone is decided all the same.
            assert client.send("GET", "/configuredTables")[0] == 200
        statuses = [one.result()[0] for one in waiting]
    assert sorted(statuses) == [200] * PLACES + [429] * 15
    assert client.send("GET", path)[0] == 200
    assert not any("link down" in line for line in small_room.daemon(RETAILER).log_lines())
