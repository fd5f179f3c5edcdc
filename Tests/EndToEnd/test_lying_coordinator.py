"""An owner believes signatures and its own store, never the coordinator."""
import json
import time
import uuid

import pytest

import howto
from howto import PARTNER, RETAILER
from lying import LyingCoordinator, altered, payload, signed
from room import BANK
from test_disclosure import entries
from test_results import P_A

QUERY = f"SELECT p.store_region, COUNT(DISTINCT p.hashed_email) FROM {P_A} GROUP BY p.store_region"


@pytest.fixture
def liar(small_room):
    assert small_room.run(QUERY)["status"] == "SUCCESS"
    small_room.daemon("coordinator").stop()
    coordinator = LyingCoordinator(small_room)
    yield coordinator
    coordinator.close()


def fresh_request(liar, **change):
    """A query that the runner really signs: a new identifier, now, with what the test wants in it."""
    old = liar.announcement()["request"]
    content = {**payload(old), "id": str(uuid.uuid4()), "requestedAt": int(time.time() * 1000), **change}
    return signed(liar.room, content["runner"], "cleanroom/query/1", content, old["certificate"])


def refuse(liar, account, announcement, *words):
    """The member must refuse, and nothing may enter its ledger for this query."""
    link = liar.meet(account)
    answer, failure = liar.ask(link, "release", announcement)
    link.close()
    assert failure and not answer, answer
    for word in words:
        assert word in failure, failure


def test_the_honest_announcement_is_accepted(liar):
    """The refusals below are not for another reason."""
    announcement = liar.announcement()
    announcement["request"] = fresh_request(liar)
    for account in (RETAILER, PARTNER):
        link = liar.meet(account)
        answer, failure = liar.ask(link, "release", announcement)
        link.close()
        assert failure is None and "keyCheck" in json.loads(answer)


def test_the_same_query_is_not_answered_twice(liar):
    refuse(liar, RETAILER, liar.announcement(), "before")


@pytest.mark.parametrize("change", [
    lambda request: request.update(sql=QUERY.replace("store_region", "product_category")),
    lambda request: request.update(receivers=[BANK]),
    lambda request: request.update(runner=PARTNER),
    lambda request: request.update(id=str(uuid.uuid4())),
    lambda request: request.update(requestedAt=request["requestedAt"] + 1),
], ids=["sql", "receivers", "runner", "id", "time"])
def test_a_changed_request(liar, change):
    announcement = liar.announcement()
    announcement["request"] = altered(announcement["request"], change)
    for account in (RETAILER, PARTNER):
        refuse(liar, account, announcement, "signature")


def test_a_runner_who_may_not(liar):
    """Really signed, by a member without CAN_QUERY."""
    announcement = liar.announcement()
    certificate = next(t["certificate"] for t in announcement["tables"] if payload(t)["owner"] == BANK)
    content = {**payload(announcement["request"]), "id": str(uuid.uuid4()), "runner": BANK,
               "requestedAt": int(time.time() * 1000)}
    announcement["request"] = signed(liar.room, BANK, "cleanroom/query/1", content, certificate)
    refuse(liar, RETAILER, announcement, "CAN_QUERY")


def test_an_old_request(liar):
    announcement = liar.announcement()
    announcement["request"] = fresh_request(liar, requestedAt=int(time.time() * 1000) - 48 * 3_600_000)
    refuse(liar, RETAILER, announcement, "too long ago")


def test_another_charter(liar):
    announcement = liar.announcement()
    announcement["charter"] = altered(
        announcement["charter"], lambda charter: charter["members"][2]["abilities"].append("CAN_QUERY"))
    announcement["request"] = fresh_request(liar)
    refuse(liar, RETAILER, announcement, "charter")


def test_a_changed_table(liar):
    announcement = liar.announcement()
    announcement["tables"] = [
        altered(table, lambda content: content.update(description="x")) for table in announcement["tables"]]
    announcement["request"] = fresh_request(liar)
    refuse(liar, PARTNER, announcement, "signature")


def test_a_query_that_the_rules_forbid(liar):
    """The runner signs it and the coordinator lets it pass: each owner still refuses."""
    for sql, account, word in (
            (QUERY.replace("p.store_region", "p.email"), RETAILER, "email"),
            ("SELECT p.store_region, COUNT(DISTINCT p.hashed_email) FROM purchases p GROUP BY 1", RETAILER, "purchases"),
            (f"SELECT ai.hashed_email, COUNT(DISTINCT p.hashed_email) FROM {P_A} GROUP BY 1", PARTNER, "hashed_email")):
        announcement = liar.announcement()
        announcement["request"] = fresh_request(liar, sql=sql)
        refuse(liar, account, announcement, word)


def test_the_stored_rule_is_what_counts(liar):
    """The owner has made its rule stricter; the coordinator shows the old copy, genuinely signed."""
    room = liar.room
    stricter = json.loads(json.dumps(howto.AGGREGATION_RULE))
    stricter["v1"]["aggregation"]["dimensionColumns"] = ["product_category", "purchase_date"]
    room.clients[RETAILER].call("UpdateConfiguredTableAnalysisRule", configuredTableIdentifier=room.ids["purchases"],
                                analysisRuleType="AGGREGATION", analysisRulePolicy=stricter)
    announcement = liar.announcement()
    announcement["request"] = fresh_request(liar)
    refuse(liar, RETAILER, announcement, "store_region")


def test_the_stored_receivers_are_what_counts(liar):
    """The owner lets nobody receive any more; the coordinator shows the old copy, genuinely signed."""
    room = liar.room
    call, membership = room.clients[RETAILER].call, room.membership(RETAILER)
    [association] = call("ListConfiguredTableAssociations", membershipIdentifier=membership)[
        "configuredTableAssociationSummaries"]
    call("CreateConfiguredTableAssociationAnalysisRule", membershipIdentifier=membership,
         configuredTableAssociationIdentifier=association["id"], analysisRuleType="AGGREGATION",
         analysisRulePolicy={"v1": {"aggregation": {"allowedResultReceivers": [PARTNER]}}})
    announcement = liar.announcement()
    announcement["request"] = fresh_request(liar)
    refuse(liar, RETAILER, announcement, RETAILER, "receive")


def test_nothing_left_for_refused_queries(liar):
    room, announcement = liar.room, liar.announcement()
    request = fresh_request(liar, sql=QUERY.replace("p.store_region", "p.email"))
    announcement["request"] = request
    for account in (RETAILER, PARTNER):
        refuse(liar, account, announcement, "email")
        assert entries(room, account, payload(request)["id"]) == []
