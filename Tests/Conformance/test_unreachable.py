"""A member daemon without its coordinator: what is its own still works, and the rest is refused as the model says."""
import time

import daemons
import pytest
from botocore.exceptions import ClientError
from howto import RETAILER, collaboration


@pytest.fixture
def lonely(binary, tmp_path):
    """A member whose coordinator has been stopped, and one of its collaborations."""
    with daemons.Consortia(binary, tmp_path / "consortium", daemons.MEMBERS[:2]) as made:
        made.init().start()
        client = made.boto(RETAILER)
        created = client.create_collaboration(**collaboration(True))["collaboration"]
        made.daemon("coordinator").stop()
        yield made, client, created


def test_without_the_coordinator(lonely):
    made, client, created = lonely
    assert client.list_configured_tables()["configuredTableSummaries"] == []
    mine = client.list_configured_table_associations(membershipIdentifier=created["membershipId"])
    assert mine["configuredTableAssociationSummaries"] == []
    for call in (lambda: client.get_collaboration(collaborationIdentifier=created["id"]), client.list_memberships,
                 lambda: client.create_collaboration(**collaboration(True))):
        with pytest.raises(ClientError) as error:
            call()
        assert error.value.response["Error"]["Code"] == "InternalServerException"
        assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == 500
        assert "coordinator" in error.value.response["Error"]["Message"].lower()
    with pytest.raises(ClientError) as error:
        client.list_memberships(maxResults=101)
    assert error.value.response["Error"]["Code"] == "ValidationException"
    made.daemon("coordinator").start()
    deadline = time.monotonic() + 20
    while True:
        try:
            seen = client.get_collaboration(collaborationIdentifier=created["id"])["collaboration"]
            break
        except ClientError:
            assert time.monotonic() < deadline
            time.sleep(0.2)
    assert seen == created
    # What was refused meanwhile has left nothing behind.
    assert [one["id"] for one in client.list_collaborations()["collaborationList"]] == [created["id"]]
