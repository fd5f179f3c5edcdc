"""Lists of more than one page through boto3's paginators, and page tokens that open nothing."""
import base64

import pytest
from botocore import xform_name
from daemons import OUTSIDER
from howto import PARTNER, RETAILER
from model import OPERATIONS, PAGINATED
from operations import WORKING

LISTS = [name for name in PAGINATED if name in WORKING]


def pages(room, name, size, account=None):
    entry = WORKING[name]
    paginator = room.client(account or entry.member).get_paginator(xform_name(name))
    return list(paginator.paginate(**entry.arguments(room), PaginationConfig={"PageSize": size}))


def items(name, page):
    [member] = [member for member, shape in OPERATIONS[name].output_shape.members.items() if shape.type_name == "list"]
    return page[member]


def first_token(room, name):
    entry = WORKING[name]
    return room.call(entry.member, name, {**entry.arguments(room), "maxResults": 1})["nextToken"]


def refuses(room, account, name, arguments):
    kind, status, body = room.refusal(account, name, arguments)
    return (kind, status) == ("ValidationException", 400) and [f["name"] for f in body["fieldList"]] == ["nextToken"]


@pytest.mark.parametrize("name", LISTS)
def test_page_by_page(room, name):
    [whole] = pages(room, name, 100)
    one_by_one = pages(room, name, 1)
    assert len(one_by_one) >= 2 and all(len(items(name, page)) == 1 for page in one_by_one)
    assert [items(name, page)[0] for page in one_by_one] == items(name, whole)


@pytest.mark.parametrize("name", LISTS)
def test_tokens_open_one_list_only(room, name):
    """A token of another operation, or altered in any place, is refused."""
    entry, token = WORKING[name], first_token(room, name)
    arguments = entry.arguments(room)
    others = [first_token(room, foreign) for foreign in LISTS if foreign != name]
    content = base64.b64decode(token)
    altered = [base64.b64encode(content[:place] + bytes([content[place] ^ 1]) + content[place + 1:]).decode()
               for place in range(0, len(content), 5)]
    for wrong in others + altered + [token[:-4], token + "AAAA", "x", "A" * 10240]:
        assert refuses(room, entry.member, name, {**arguments, "nextToken": wrong}), wrong


@pytest.mark.parametrize("name", ["ListSchemas", "ListMembers", "ListCollaborations", "ListCollaborationChangeRequests",
                                  "ListCollaborationAnalysisTemplates", "ListMemberships", "ListConfiguredTables"])
def test_tokens_belong_to_their_member(room, name):
    entry, token = WORKING[name], first_token(room, name)
    assert refuses(room, PARTNER if entry.member == RETAILER else RETAILER, name,
                   {**entry.arguments(room), "nextToken": token})


@pytest.mark.parametrize("name, first, second", [
    ("ListCollaborations", {"memberStatus": "ACTIVE"}, {}), ("ListMemberships", {"status": "ACTIVE"}, {}),
    ("ListProtectedQueries", {"status": "SUCCESS"}, {}), ("ListSchemas", {"schemaType": "TABLE"}, {}),
    ("ListCollaborationChangeRequests", {"status": "PENDING"}, {})])
def test_tokens_belong_to_their_filter(room, name, first, second):
    arguments = WORKING[name].arguments(room)
    token = room.call(RETAILER, name, {**arguments, **first, "maxResults": 1})["nextToken"]
    assert refuses(room, RETAILER, name, {**arguments, **second, "nextToken": token})


def test_an_empty_list_is_there(room):
    for name, member in (("ListCollaborations", "collaborationList"), ("ListMemberships", "membershipSummaries")):
        answer = room.call(OUTSIDER, name, {})
        assert answer[member] == [] and "nextToken" not in answer
