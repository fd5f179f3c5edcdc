"""Quotas used up by real resources, in collaborations of their own: 402 with the quota's name and value."""
from concurrent.futures import ThreadPoolExecutor

import pytest
from daemons import OUTSIDER
from howto import PARTNER, RETAILER


def tables(world):
    return OUTSIDER, lambda: world.table_input(OUTSIDER), "Configured tables per account", 250


def collaborations(world):
    guest = {"accountId": PARTNER, "memberAbilities": [], "displayName": "Guest"}
    return OUTSIDER, lambda: world.collaboration_input(members=[guest]), "Collaborations created per account", 500


def templates(world):
    _, members = world.new_collaboration()
    return PARTNER, lambda: world.template_input(membershipIdentifier=members[PARTNER]), (
        "Analysis templates per membership"), 100


def associations(world):
    _, members = world.new_collaboration()
    return RETAILER, lambda: world.association_input(RETAILER, world.purchases, membership=members[RETAILER]), (
        "Table associations per membership"), 100


def change_requests(world):
    collaboration, _ = world.new_collaboration()
    return RETAILER, lambda: world.change_input(collaboration), "Open change requests per collaboration", 100


def memberships(world):
    """Used up already: the outsider is a member of the collaborations that it has created."""
    guest = {"accountId": OUTSIDER, "memberAbilities": [], "displayName": "Guest"}

    def invited():
        made = world.a.create_collaboration(**world.collaboration_input(members=[guest]))
        return world.membership_input(made["collaboration"]["id"])

    return OUTSIDER, invited, "Memberships per account", 500


QUOTAS = {"CreateConfiguredTable": tables, "CreateCollaboration": collaborations, "CreateMembership": memberships,
          "CreateAnalysisTemplate": templates, "CreateConfiguredTableAssociation": associations,
          "CreateCollaborationChangeRequest": change_requests, "StartProtectedQuery": None}


def used_up(world, name):
    """Calls until one is refused: how many were not, and the refusal. Once for each operation."""
    if name not in world.used_up:
        account, arguments, _, limit = QUOTAS[name](world)
        refusals = (world.refusal(account, name, arguments()) for _ in range(limit + 1))
        world.used_up[name] = next((made, refused) for made, refused in enumerate(refusals) if refused)
    return world.used_up[name]


@pytest.mark.parametrize("name", [name for name in QUOTAS if QUOTAS[name]])
def test_used_up(room, name):
    if name == "CreateMembership":
        used_up(room, "CreateCollaboration")
    made, (kind, status, body) = used_up(room, name)
    _, _, words, limit = QUOTAS[name](room)
    assert (kind, status) == ("ServiceQuotaExceededException", 402)
    assert (body["quotaName"], body["quotaValue"]) == (words, limit)
    assert made == (0 if name == "CreateMembership" else limit)


def test_queries_that_run_at_once(room):
    """More than the coordinator runs and queues; every accepted one ends."""
    def start(_):
        refused = room.refusal(RETAILER, "StartProtectedQuery", room.query_input())
        return refused and (refused[0], refused[1], refused[2]["quotaName"])

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(start, range(200)))
    assert set(answers) == {None, ("ServiceQuotaExceededException", 402, "Concurrent queries")}
