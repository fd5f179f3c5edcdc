"""Analysis templates and CUSTOM rules: what may be created, who sees it, and that nobody can change a template."""
import json
import time
import uuid

import pytest

from client import APIError
from howto import PARTNER, RETAILER, output
from lying import LyingCoordinator, altered, payload, signed
from room import BANK
from test_lying_coordinator import QUERY, refuse

TEXT = """SELECT p.store_region, COUNT(DISTINCT p.hashed_email) AS buyers FROM purchases p
INNER JOIN ad_impressions ai ON p.hashed_email = ai.hashed_email
WHERE p.product_category <> :category AND ai.channel <> :channel GROUP BY p.store_region"""
PARAMETERS = [{"name": "category", "type": "VARCHAR"},
              {"name": "channel", "type": "VARCHAR", "defaultValue": "none"}]


def create(room, account=PARTNER, name="reach", text=TEXT, parameters=PARAMETERS, **more):
    more = {"format": "SQL", **more}
    return room.clients[account].call(
        "CreateAnalysisTemplate", membershipIdentifier=room.membership(account), name=name, source={"text": text},
        analysisParameters=parameters, **more)["analysisTemplate"]


def refused(call, *arguments, **named):
    with pytest.raises(APIError) as error:
        call(*arguments, **named)
    return error.value


def field_names(error):
    return [field["name"] for field in error.body.get("fieldList", [])]


def allow(room, *analyses, **more):
    """Gives both tables of the query a CUSTOM rule."""
    for account, table, old in ((RETAILER, "purchases", "AGGREGATION"), (PARTNER, "impressions", "LIST")):
        call, where = room.clients[account].call, {"configuredTableIdentifier": room.ids[table]}
        call("DeleteConfiguredTableAnalysisRule", **where, analysisRuleType=old)
        call("CreateConfiguredTableAnalysisRule", **where, analysisRuleType="CUSTOM",
             analysisRulePolicy={"v1": {"custom": {"allowedAnalyses": list(analyses), **more}}})


def start(room, arn, account=RETAILER, **parameters):
    return room.clients[account].call(
        "StartProtectedQuery", type="SQL", membershipIdentifier=room.membership(account),
        sqlParameters={"analysisTemplateArn": arn, "parameters": parameters},
        resultConfiguration=output("tests/"))["protectedQuery"]


def test_a_template_and_who_sees_it(small_room):
    made, collaboration = create(small_room, description="first"), small_room.ids["collaboration"]
    assert made["schema"]["referencedTables"] == ["purchases", "ad_impressions"]
    assert made["source"] == {"text": TEXT} and made["analysisParameters"] == PARAMETERS
    where = {"membershipIdentifier": small_room.membership(PARTNER), "analysisTemplateIdentifier": made["id"]}
    call = small_room.clients[PARTNER].call
    assert call("GetAnalysisTemplate", **where)["analysisTemplate"] == made
    listed = call("ListAnalysisTemplates", membershipIdentifier=small_room.membership(PARTNER))
    assert [summary["arn"] for summary in listed["analysisTemplateSummaries"]] == [made["arn"]]
    changed = call("UpdateAnalysisTemplate", **where, description="second")["analysisTemplate"]
    assert (changed["description"], changed["id"], changed["source"]) == ("second", made["id"], made["source"])

    other = small_room.clients[RETAILER].call
    by_arn = {"collaborationIdentifier": collaboration, "analysisTemplateArn": made["arn"]}
    seen = other("GetCollaborationAnalysisTemplate", **by_arn)["collaborationAnalysisTemplate"]
    assert (seen["source"], seen["creatorAccountId"], seen["description"]) == ({"text": TEXT}, PARTNER, "second")
    listed = other("ListCollaborationAnalysisTemplates", collaborationIdentifier=collaboration)
    assert [item["arn"] for item in listed["collaborationAnalysisTemplateSummaries"]] == [made["arn"]]
    unknown = made["arn"][:-1] + ("0" if made["arn"][-1] != "0" else "1")
    batch = other("BatchGetCollaborationAnalysisTemplate", collaborationIdentifier=collaboration,
                  analysisTemplateArns=[made["arn"], unknown])
    assert batch["collaborationAnalysisTemplates"] == [seen]
    assert [error["arn"] for error in batch["errors"]] == [unknown]

    assert refused(other, "GetAnalysisTemplate", membershipIdentifier=small_room.membership(RETAILER),
                   analysisTemplateIdentifier=made["id"]).status == 404
    assert (refused(create, small_room).status, create(small_room, RETAILER)["name"]) == (409, "reach")
    call("DeleteAnalysisTemplate", **where)
    assert refused(other, "GetCollaborationAnalysisTemplate", **by_arn).status == 404
    assert refused(start, small_room, made["arn"], category="x").status == 404


@pytest.mark.parametrize("change, names", [
    ({"text": "SELECT FROM"}, ["source.text"]),
    ({"text": TEXT.replace(":category", "'x'")}, ["analysisParameters[0].name"]),
    ({"text": TEXT + " HAVING COUNT(*) > :least"}, ["source.text"]),
    ({"parameters": PARAMETERS + [{"name": "CATEGORY", "type": "VARCHAR"}]}, ["analysisParameters[2].name"]),
    ({"parameters": [PARAMETERS[0], {"name": "channel", "type": "DATE", "defaultValue": "31.12.2026"}]},
     ["analysisParameters[1]"]),
    ({"format": "PYSPARK_1_0"}, ["format"]),
    ({"schema": {"referencedTables": ["purchases"]}}, ["schema"]),
], ids=["syntax", "unused", "undeclared", "twice", "default", "format", "schema"])
def test_what_is_no_template(shared_room, change, names):
    error = refused(create, shared_room, name="wrong", **change)
    assert error.status == 400 and field_names(error) == names, error.body


def test_values_for_parameters(small_room):
    arn = create(small_room)["arn"]
    assert field_names(refused(start, small_room, arn)) == ["sqlParameters.parameters.category"]
    dated = create(small_room, name="dated", parameters=[PARAMETERS[0], {"name": "channel", "type": "DATE"}])["arn"]
    error = refused(start, small_room, dated, category="x", channel="private-value")
    assert field_names(error) == ["sqlParameters.parameters.channel"]
    assert "private-value" not in json.dumps(error.body)
    error = refused(start, small_room, arn, category="private-value", chanel="private-value")
    assert field_names(error) == ["sqlParameters.parameters.chanel"]
    assert "private-value" not in json.dumps(error.body)


def test_custom_rules(small_room):
    call, where = small_room.clients[RETAILER].call, {"configuredTableIdentifier": small_room.ids["purchases"]}
    call("DeleteConfiguredTableAnalysisRule", **where, analysisRuleType="AGGREGATION")
    custom = lambda **content: {
        **where, "analysisRuleType": "CUSTOM", "analysisRulePolicy": {"v1": {"custom": content}}}
    threshold = {"identityColumns": ["hashed_email"], "minimumIdentityCount": 25, "type": "COUNT_DISTINCT",
                 "allowedAggregateExpressionType": "COLUMNS_ONLY"}
    arn = create(small_room)["arn"]
    root = "analysisRulePolicy.v1.custom."
    for content, names in (
            ({"allowedAnalyses": ["ANY_QUERY"]}, ["allowedAnalysisProviders"]),
            ({"allowedAnalyses": ["ANY_QUERY", arn], "allowedAnalysisProviders": [PARTNER]},
             ["allowedAnalyses", "allowedAnalysisProviders"]),
            ({"allowedAnalyses": [], "disallowedOutputColumns": ["email"]}, ["disallowedOutputColumns[0]"]),
            ({"allowedAnalyses": ["ANY_JOB"], "aggregationThresholds": [threshold]}, ["aggregationThresholds"]),
            ({"allowedAnalyses": [], "differentialPrivacy": {"columns": [{"name": "hashed_email"}]},
              "aggregationThresholds": [threshold]}, ["aggregationThresholds"]),
            ({"allowedAnalyses": [], "aggregationThresholds": [{**threshold, "identityColumns": ["purchase_amount"]}]},
             ["aggregationThresholds[0].identityColumns[0]"]),
            ({"allowedAnalyses": [], "aggregationThresholds": [threshold], "comparisonControls": {
                "allowedLiteralComparisonColumns": ["hashed_email"], "allowedColumnComparisonColumns": []}},
             ["aggregationThresholds[0].identityColumns[0]"]),
            ({"allowedAnalyses": [], "aggregationThresholds": [{**threshold, "outputColumnThresholds": [
                {"outputColumnName": "a", "minimumIdentityCount": 1},
                {"outputColumnName": "a", "minimumIdentityCount": 0}]}]},
             ["aggregationThresholds[0].outputColumnThresholds[1]",
              "aggregationThresholds[0].outputColumnThresholds[0].minimumIdentityCount"])):
        error = refused(call, "CreateConfiguredTableAnalysisRule", **custom(**content))
        assert field_names(error) == [root + name for name in names], error.body
    made = call("CreateConfiguredTableAnalysisRule", **custom(allowedAnalyses=[]))["analysisRule"]
    assert made["policy"] == {"v1": {"custom": {"allowedAnalyses": []}}}
    assert status(small_room)[0]["reasons"][0]["code"] == "ANALYSIS_TEMPLATES_NOT_CONFIGURED"
    full = {"allowedAnalyses": ["ANY_QUERY", "ANY_JOB"], "allowedAnalysisProviders": [RETAILER],
            "additionalAnalyses": "ALLOWED", "aggregationThresholds": [threshold]}
    call("UpdateConfiguredTableAnalysisRule", **custom(**full))
    direct, additional = status(small_room)
    assert (direct["status"], direct["analysisRuleType"]) == ("READY", "CUSTOM")
    assert [reason["code"] for reason in additional["reasons"]] == ["ADDITIONAL_ANALYSES_NOT_CONFIGURED"]
    check_consolidated(small_room, full)


def status(room):
    details = room.clients[PARTNER].call("GetSchema", collaborationIdentifier=room.ids["collaboration"],
                                         name="purchases")["schema"]["schemaStatusDetails"]
    assert [detail["analysisType"] for detail in details] == ["DIRECT_ANALYSIS", "ADDITIONAL_ANALYSIS"]
    return details


def check_consolidated(room, full):
    """The association's rule joins the table's."""
    membership, call = room.membership(RETAILER), room.clients[RETAILER].call
    [association] = call("ListConfiguredTableAssociations", membershipIdentifier=membership)[
        "configuredTableAssociationSummaries"]
    own = {"allowedResultReceivers": [PARTNER], "allowedAdditionalAnalyses": [
        f"arn:aws:cleanrooms-ml:us-east-1:{PARTNER}:membership/*/configured-model-algorithm-association/*"]}
    call("CreateConfiguredTableAssociationAnalysisRule", membershipIdentifier=membership,
         configuredTableAssociationIdentifier=association["id"], analysisRuleType="CUSTOM",
         analysisRulePolicy={"v1": {"custom": own}})
    rule = room.clients[PARTNER].call(
        "GetSchemaAnalysisRule", collaborationIdentifier=room.ids["collaboration"], name="purchases", type="CUSTOM")
    assert rule["analysisRule"]["collaborationPolicy"] == {"v1": {"custom": own}}
    assert rule["analysisRule"]["consolidatedPolicy"] == {"v1": {"custom": {**full, **own}}}
    assert status(room)[1]["status"] == "READY"


def test_a_template_runs(small_room):
    arn = create(small_room)["arn"]
    allow(small_room, arn)
    query = start(small_room, arn, category="none")
    ended = small_room.wait(query["id"])
    assert ended["status"] == "SUCCESS", ended
    assert ended["sqlParameters"] == {"analysisTemplateArn": arn, "parameters": {"category": "none"}}
    other = create(small_room, RETAILER, name="other")["arn"]
    assert refused(start, small_room, other, category="none").body["reason"] == "INVALID_QUERY"


@pytest.fixture
def liar(small_room):
    """Between the coordinator's start and its stop everything is honest; both tables allow the one template."""
    assert small_room.run(QUERY)["status"] == "SUCCESS"
    allow(small_room, create(small_room)["arn"])
    create(small_room, name="another", text=TEXT.replace("<> :category", "= :category"))
    small_room.daemon("coordinator").stop()
    coordinator = LyingCoordinator(small_room)
    yield coordinator
    coordinator.close()


def announcement(liar, **change):
    """A query of the first template that the runner really signs."""
    first, _ = liar.documents("analysis-template")
    result = {**liar.announcement(), "template": first["signed"]}
    content = {**payload(result["request"]), "id": str(uuid.uuid4()), "requestedAt": int(time.time() * 1000),
               "sql": TEXT, "template": {"arn": arn_of(first), "parameters": {"category": "none"}}, **change}
    result["request"] = signed(liar.room, RETAILER, "cleanroom/query/1", content, result["request"]["certificate"])
    return result


def arn_of(record):
    content = record["template"]
    return "arn:aws:cleanrooms:{region}:{creator}:membership/{membership}/analysistemplate/{id}".format(**content)


def ask(liar, account, document):
    link = liar.meet(account)
    answer, failure = liar.ask(link, "release", document)
    link.close()
    return answer, failure


def test_the_honest_template_is_accepted(liar):
    """The refusals below are not for another reason."""
    document = announcement(liar)
    for account in (RETAILER, PARTNER):
        answer, failure = ask(liar, account, document)
        assert failure is None and "keyCheck" in json.loads(answer)


@pytest.mark.parametrize("change", [
    lambda content: content.update(sql=TEXT.replace("p.store_region", "p.product_category")),
    lambda content: content["parameters"].append({"name": "more", "type": "VARCHAR"}),
    lambda content: content["parameters"][1].update(defaultValue="email"),
    lambda content: content.update(creator=RETAILER),
    lambda content: content.update(id=str(uuid.uuid4())),
    lambda content: content.update(membership=str(uuid.uuid4())),
], ids=["text", "parameters", "default", "creator", "id", "membership"])
def test_a_changed_template(liar, change):
    document = announcement(liar)
    document["template"] = altered(document["template"], change)
    for account in (RETAILER, PARTNER):
        refuse(liar, account, document, "template", "signature")


def test_no_template_or_another(liar):
    _, second = liar.documents("analysis-template")
    for template, word in ((None, "signature"), (second["signed"], "not the one")):
        document = {**announcement(liar), "template": template}
        for account in (RETAILER, PARTNER):
            refuse(liar, account, document, "template", word)


def test_another_text_under_a_template(liar):
    """Signed by the runner itself, who would like to run its own text under an allowed template's name."""
    for sql in (TEXT + " ", QUERY):
        for account in (RETAILER, PARTNER):
            refuse(liar, account, announcement(liar, sql=sql), "text is not that")


def test_the_creator_cannot_change_its_template(liar):
    """Really signed by the creator, under the name that the owners have allowed: the name belongs to one text."""
    document = announcement(liar, sql=QUERY)
    content = {**payload(document["template"]), "sql": QUERY}
    document["template"] = signed(
        liar.room, PARTNER, "cleanroom/analysis-template/1", content, document["template"]["certificate"])
    refuse(liar, RETAILER, document, "template", "signature")


def test_a_template_of_somebody_else(liar):
    """Really signed, by an organization that the template does not name as its creator."""
    document = announcement(liar)
    certificate = next(t["certificate"] for t in document["tables"] if payload(t)["owner"] == BANK)
    document["template"] = signed(
        liar.room, BANK, "cleanroom/analysis-template/1", payload(document["template"]), certificate)
    refuse(liar, RETAILER, document, "template", "signature")


def test_a_value_for_no_parameter(liar):
    template = {"arn": arn_of(liar.documents("analysis-template")[0]), "parameters": {"category": "a", "more": "b"}}
    refuse(liar, RETAILER, announcement(liar, template=template), "does not declare")
