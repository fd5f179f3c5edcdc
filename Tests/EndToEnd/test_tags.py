"""Tags on everything that has an ARN, quotas, and the regions that results may be in."""
import pytest

import howto
from howto import PARTNER, RETAILER
from room import BANK, Room
from test_membership import QUERY, refused

TAGS = {"team": "data", "stage": "test"}


def tags(room, arn, account=RETAILER):
    return room.clients[account].call("ListTagsForResource", resourceArn=arn)["tags"]


def make(room, number=0, **more):
    """One new resource of every taggable kind; operation and ARN of each."""
    call, mine = room.clients[RETAILER].call, {"membershipIdentifier": room.membership(RETAILER)}
    made = {}

    def create(operation, **arguments):
        [answer] = call(operation, **arguments, **more).values()
        made[operation] = answer["arn"]
        return answer["id"]

    collaboration = create("CreateCollaboration", **{**howto.collaboration(), "name": f"tagged-{number}"})
    create("CreateMembership", collaborationIdentifier=collaboration, queryLogStatus="DISABLED")
    table = create("CreateConfiguredTable", name=f"tagged{number}", analysisMethod="DIRECT_QUERY",
                   tableReference={"glue": {"tableName": "purchases", "databaseName": "retail_analytics"}},
                   allowedColumns=["hashed_email", "store_region"])
    create("CreateConfiguredTableAssociation", configuredTableIdentifier=table, name=f"tagged{number}",
           roleArn=howto.role(RETAILER, "R"), **mine)
    create("CreateAnalysisTemplate", name=f"tagged{number}", format="SQL", source={"text": "SELECT 1"}, **mine)
    return made


def test_every_resource_has_tags(small_room):
    call = small_room.clients[RETAILER].call
    for operation, arn in make(small_room, tags=TAGS).items():
        assert tags(small_room, arn) == TAGS, operation
    for operation, arn in make(small_room, 1).items():
        assert tags(small_room, arn) == {}, operation
        call("TagResource", resourceArn=arn, tags=TAGS)
        call("TagResource", resourceArn=arn, tags={"stage": "live"})
        call("UntagResource", resourceArn=arn, tagKeys=["team", "unknown"])
        assert tags(small_room, arn) == {"stage": "live"}, operation
        # Nobody else has this resource, nor its tags.
        assert refused(small_room.clients[PARTNER].call, "ListTagsForResource", resourceArn=arn).status == 404
    small_room.daemon(RETAILER).stop()
    small_room.daemon(RETAILER).start()
    assert tags(small_room, arn.rsplit("/analysistemplate", 1)[0]) == {}


def test_wrong_tags_create_nothing(small_room):
    call = small_room.clients[RETAILER].call
    before = call("ListConfiguredTables")["configuredTableSummaries"]
    table = dict(name="t", analysisMethod="DIRECT_QUERY", allowedColumns=["hashed_email"],
                 tableReference={"glue": {"tableName": "purchases", "databaseName": "retail_analytics"}})
    for wrong in ({"aws:x": "y"}, {"a": "<"}, {f"k{n}": "" for n in range(51)}):
        assert refused(call, "CreateConfiguredTable", **table, tags=wrong).status == 400
    assert call("ListConfiguredTables")["configuredTableSummaries"] == before


def test_what_is_gone_has_no_tags(small_room):
    call = small_room.clients[RETAILER].call
    table = call("CreateConfiguredTable", name="t", analysisMethod="DIRECT_QUERY", allowedColumns=["hashed_email"],
                 tableReference={"glue": {"tableName": "purchases", "databaseName": "retail_analytics"}},
                 tags=TAGS)["configuredTable"]
    call("DeleteConfiguredTable", configuredTableIdentifier=table["id"])
    for operation, more in (("ListTagsForResource", {}), ("TagResource", {"tags": TAGS}),
                            ("UntagResource", {"tagKeys": ["team"]})):
        assert refused(call, operation, resourceArn=table["arn"], **more).status == 404, operation


def test_quotas_of_tables_associations_and_templates(small_room):
    call, mine = small_room.clients[RETAILER].call, {"membershipIdentifier": small_room.membership(RETAILER)}
    reference = {"glue": {"tableName": "purchases", "databaseName": "retail_analytics"}}
    table = lambda n: call("CreateConfiguredTable", name=f"t{n}", analysisMethod="DIRECT_QUERY",
                           tableReference=reference, allowedColumns=["hashed_email"])
    association = lambda n: call("CreateConfiguredTableAssociation", name=f"a{n}", roleArn=howto.role(RETAILER, "R"),
                                 configuredTableIdentifier=small_room.ids["purchases"], **mine)
    template = lambda n: call("CreateAnalysisTemplate", name=f"p{n}", format="SQL",
                              source={"text": "SELECT 1"}, **mine)
    for create, there, limit in ((table, 1, 250), (association, 1, 100), (template, 0, 100)):
        for number in range(there, limit):
            create(number)
        error = refused(lambda *_: create(limit), "")
        assert (error.kind, error.status) == ("ServiceQuotaExceededException", 402), error.body
        assert error.body["quotaValue"] == limit and error.body["quotaName"]


@pytest.fixture
def european_room(binary, tmp_path, monkeypatch):
    original = howto.collaboration
    monkeypatch.setattr(howto, "collaboration", lambda strict=False: {
        **original(strict), "allowedResultRegions": ["eu-west-1"]})
    with Room(binary, tmp_path / "room", scale=0.01) as made:
        prepare = made.prepare

        def with_a_bank_in_europe():
            prepare()
            path = made.path(BANK, "member.yaml")
            with open(path) as file:
                text = file.read()
            assert "region: us-east-1" in text
            with open(path, "w") as file:
                file.write(text.replace("region: us-east-1", "region: eu-west-1"))
            return made

        made.prepare = with_a_bank_in_europe
        client = made.client

        def in_its_region(account):
            made_client = client(account)
            if account == BANK:
                made_client.region = "eu-west-1"
            return made_client

        made.client = in_its_region
        made.set_up()
        yield made


def test_results_stay_in_their_region(european_room):
    """The receiver's own daemon refuses, whatever the coordinator would allow."""
    assert refused(lambda *_: european_room.submit(QUERY), "").status == 400
    to = lambda account: {"outputConfiguration": {"member": {"accountId": account}}}
    ended = european_room.run(QUERY, configuration=to(PARTNER))
    assert ended["status"] == "FAILED" and "region" in ended["error"]["message"], ended
    assert european_room.run(QUERY, configuration=to(BANK))["status"] == "SUCCESS"
