"""The founding how-to through the unmodified AWS CLI, with identifiers filled in and word for word."""
import json
import re
import subprocess

import pytest

import howto
import room
from howto import PARTNER, RETAILER

HOWTO = [
    # The commands as they are printed, in order; {…} stands for what a reader fills in.
    (RETAILER, """create-collaboration --name "retail-ad-campaign-analysis"
        --description "Joint analysis of ad campaigns and purchase data"
        --creator-member-abilities '["CAN_QUERY", "CAN_RECEIVE_RESULTS"]' --creator-display-name "Acme Retail"
        --members '[{"accountId": "987654321098", "memberAbilities": ["CAN_QUERY", "CAN_RECEIVE_RESULTS"],
        "displayName": "AdTech Partner"}]' --query-log-status ENABLED
        --data-encryption-metadata '{"allowCleartext": true, "allowDuplicates": true, "preserveNulls": true}'"""),
    (PARTNER, """create-membership --collaboration-identifier col-abc123 --query-log-status ENABLED
        --default-result-configuration '{"outputConfiguration": {"s3": {"bucket": "my-cleanroom-results",
        "keyPrefix": "campaign-analysis/", "resultFormat": "CSV"}},
        "roleArn": "arn:aws:iam::987654321098:role/CleanRoomsResultRole"}'"""),
    (RETAILER, """create-configured-table --name "purchase-data" --description "Customer purchase transactions"
        --table-reference '{"glue": {"tableName": "purchases", "databaseName": "retail_analytics"}}'
        --allowed-columns '["hashed_email", "purchase_date", "product_category", "purchase_amount", "store_region"]'
        --analysis-method DIRECT_QUERY"""),
    (RETAILER, "create-configured-table-analysis-rule --configured-table-identifier ct-purchases123 "
        f"--analysis-rule-type AGGREGATION --analysis-rule-policy '{json.dumps(howto.AGGREGATION_RULE)}'"),
    (PARTNER, "create-configured-table-analysis-rule --configured-table-identifier ct-adimpressions456 "
        f"--analysis-rule-type LIST --analysis-rule-policy '{json.dumps(howto.LIST_RULE)}'"),
    (RETAILER, """create-configured-table-association --configured-table-identifier ct-purchases123
        --membership-identifier mem-retailer789 --name "purchases"
        --role-arn "arn:aws:iam::123456789012:role/CleanRoomsTableRole" """),
    (PARTNER, """create-configured-table-association --configured-table-identifier ct-adimpressions456
        --membership-identifier mem-adpartner789 --name "ad_impressions"
        --role-arn "arn:aws:iam::987654321098:role/CleanRoomsTableRole" """),
    (RETAILER, "start-protected-query --type SQL --membership-identifier mem-retailer789 "
        f"--sql-parameters '{json.dumps({'queryString': howto.SQL})}' --result-configuration "
        f"'{json.dumps(howto.output('dec-2025-analysis/'))}'"),
    (RETAILER, "get-protected-query --membership-identifier mem-retailer789 --protected-query-identifier pq-query123"),
    (RETAILER, "list-protected-queries --membership-identifier mem-retailer789 --status COMPLETED"),
    (RETAILER, "get-protected-query --membership-identifier mem-retailer789 --protected-query-identifier pq-query123 "
        "--query 'ProtectedQuery.{Status:Status,SQL:SqlParameters.QueryString,Statistics:Statistics}'"),
]


def shell(consortium, aws, account, command, ids=None, lenient=False):
    """Runs a command as a person would type it."""
    for placeholder, value in (ids or {}).items():
        command = command.replace(placeholder, value)
    environment = consortium.aws_environment()
    if lenient:
        environment["AWS_CONFIG_FILE"] = howto.lenient_configuration(environment["AWS_CONFIG_FILE"])
    words = " ".join(command.split()) if "'" not in command else re.sub(r"\s*\n\s*", " ", command)
    return subprocess.run(f"{aws} --profile {consortium.profile(account)} cleanrooms {words}", shell=True,
                          capture_output=True, text=True, env=environment)


def parsed(result):
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


@pytest.fixture(scope="module")
def two(binary, tmp_path_factory):
    members = [(RETAILER, "Acme Retail"), (PARTNER, "AdTech Partner")]
    with room.Room(binary, tmp_path_factory.mktemp("howto"), members=members) as made:
        made.prepare().start()
        yield made


def test_all_commands(two, aws):
    """All eleven commands, identifiers filled in. Only the first needs the CLI's own check switched off: the how-to
    leaves out a member that the CLI insists on."""
    ids, answers = {}, []
    for number, (account, command) in enumerate(HOWTO):
        if number == 4:
            # The how-to never shows this one, but refers to its outcome.
            table = parsed(shell(two, aws, PARTNER, """create-configured-table --name ad-impressions
                --table-reference '{"glue": {"tableName": "impressions", "databaseName": "ad_platform"}}'
                --allowed-columns hashed_email campaign_name impression_date channel --analysis-method DIRECT_QUERY"""))
            ids["ct-adimpressions456"] = table["configuredTable"]["id"]
        answer = parsed(shell(two, aws, account, command, ids, lenient=number == 0))
        answers.append(answer)
        match number:
            case 0:
                ids["col-abc123"] = answer["collaboration"]["id"]
                ids["mem-retailer789"] = answer["collaboration"]["membershipId"]
            case 1: ids["mem-adpartner789"] = answer["membership"]["id"]
            case 2: ids["ct-purchases123"] = answer["configuredTable"]["id"]
            case 7:
                ids["pq-query123"] = answer["protectedQuery"]["id"]
                assert answer["protectedQuery"]["status"] in ("SUBMITTED", "STARTED")
                from consortium import wait_for_query
                wait_for_query(two.client(RETAILER), ids["mem-retailer789"], ids["pq-query123"])
    query = answers[8]["protectedQuery"]
    assert query["status"] == "SUCCESS" and query["sqlParameters"]["queryString"] == howto.SQL
    location = query["result"]["output"]["s3"]["location"]
    assert location == f"s3://my-cleanroom-results/dec-2025-analysis/{query['id']}.csv"
    rows = room.read_csv(two.result_path(location))
    assert rows[0] == ["campaign_name", "product_category", "store_region", "matched_customers", "total_purchases",
                       "avg_purchase"]
    assert len(rows) > 10 and all(int(row[3]) >= 25 for row in rows[1:])
    assert [summary["id"] for summary in answers[9]["protectedQueries"]] == [query["id"]]
    assert answers[10] is None
    two.ids = ids


def test_word_for_word(two, aws):
    """Nothing filled in, nothing corrected: what needs no identifier works, the rest says which identifier is meant."""
    for number, (account, command) in enumerate(HOWTO):
        result = shell(two, aws, account, command, lenient=True)
        if number in (0, 2):
            assert result.returncode == 0, result.stderr
            continue
        assert result.returncode == 255
        assert "ValidationException" in result.stderr and "Identifier" in result.stderr, result.stderr
        assert "regular expression pattern" in result.stderr or "length" in result.stderr


def test_corrected_query_path_prints_values(two, aws):
    command = HOWTO[8][1] + (
        " --query 'protectedQuery.{Status:status,SQL:sqlParameters.queryString,Statistics:statistics}'")
    answer = parsed(shell(two, aws, RETAILER, command, two.ids))
    assert answer["Status"] == "SUCCESS" and answer["SQL"] == howto.SQL
    assert answer["Statistics"]["totalDurationInMillis"] >= 0


def test_what_a_person_needs_around_it(two, aws):
    """Lists, gets, updates and deletes through the CLI."""
    ids = two.ids
    run = lambda account, command: shell(two, aws, account, command, ids)
    assert ids["col-abc123"] in [c["id"] for c in parsed(run(PARTNER, "list-collaborations"))["collaborationList"]]
    members = parsed(run(PARTNER, "list-members --collaboration-identifier col-abc123"))["memberSummaries"]
    assert [(m["accountId"], m["status"]) for m in members] == [(RETAILER, "ACTIVE"), (PARTNER, "ACTIVE")]
    schemas = parsed(run(PARTNER, "list-schemas --collaboration-identifier col-abc123"))["schemaSummaries"]
    assert [s["name"] for s in schemas] == ["ad_impressions", "purchases"]
    schema = parsed(run(PARTNER, "get-schema --collaboration-identifier col-abc123 --name purchases"))["schema"]
    assert {c["name"]: c["type"] for c in schema["columns"]} == {
        "hashed_email": "string", "purchase_date": "date", "product_category": "string",
        "purchase_amount": "decimal(12,2)", "store_region": "string"}
    rule = parsed(run(PARTNER, "get-schema-analysis-rule --collaboration-identifier col-abc123 --name purchases "
                               "--type AGGREGATION"))["analysisRule"]
    assert rule["policy"]["v1"]["aggregation"]["outputConstraints"] == [
        {"columnName": "hashed_email", "minimum": 25, "type": "COUNT_DISTINCT"}]
    assert parsed(run(RETAILER, "get-membership --membership-identifier mem-retailer789"))["membership"]["status"] == "ACTIVE"
    assert parsed(run(PARTNER, "list-memberships"))["membershipSummaries"][0]["id"] == ids["mem-adpartner789"]
    tables = parsed(run(RETAILER, "list-configured-tables --max-items 1"))
    assert len(tables["configuredTableSummaries"]) == 1
    updated = parsed(run(RETAILER, "update-configured-table --configured-table-identifier ct-purchases123 --name renamed"))
    assert updated["configuredTable"]["name"] == "renamed"
    associations = parsed(run(PARTNER, "list-configured-table-associations --membership-identifier mem-adpartner789"))
    association = associations["configuredTableAssociationSummaries"][0]
    refused = run(PARTNER, "delete-configured-table --configured-table-identifier ct-adimpressions456")
    assert refused.returncode == 255 and "ConflictException" in refused.stderr
    gone = run(PARTNER, "delete-configured-table-association --membership-identifier mem-adpartner789 "
                        f"--configured-table-association-identifier {association['id']}")
    assert gone.returncode == 0, gone.stderr
    assert run(PARTNER, "delete-configured-table --configured-table-identifier ct-adimpressions456").returncode == 0
    assert run(PARTNER, "delete-membership --membership-identifier mem-adpartner789").returncode == 0
    assert run(RETAILER, "delete-collaboration --collaboration-identifier col-abc123").returncode == 0
    assert ids["col-abc123"] not in [
        c["id"] for c in parsed(run(RETAILER, "list-collaborations"))["collaborationList"]]
