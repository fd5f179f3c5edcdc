"""Every operation that works: how it succeeds, what another member gets, and how its errors come about."""
from dataclasses import dataclass, field
from typing import Callable

from daemons import OUTSIDER
from howto import PARTNER, RETAILER, output, role
from world import AGGREGATION_RULE

# What the second member gets for the first one's arguments.
SAME, MISSING, DENIED, ANY = "the same answer", "what is unknown", "a refusal", "its own matter"


@dataclass
class Entry:
    arguments: Callable
    """Makes what the operation needs and returns its input."""
    second: str
    member: str = RETAILER
    conflict: Callable = None
    """Account, arguments and reason of a 409."""
    denied: Callable = None
    """Account and arguments of a 403."""
    unprovoked: dict = field(default_factory=dict)
    """Declared errors that cannot come about, with the reason."""


def other(account):
    return PARTNER if account == RETAILER else RETAILER


def room(world, **more):
    return {"collaborationIdentifier": world.collaboration, **more}


def table(world, **more):
    return {"configuredTableIdentifier": world.purchases, **more}


def rule(world, **more):
    return table(world, analysisRuleType="AGGREGATION", **more)


def new_rule(world, **more):
    return {"configuredTableIdentifier": world.new_table(RETAILER, AGGREGATION_RULE, "AGGREGATION"),
            "analysisRuleType": "AGGREGATION", **more}


def membership(world, account=RETAILER, **more):
    return {"membershipIdentifier": world.membership(account), **more}


def association(world, **more):
    return membership(world, configuredTableAssociationIdentifier=world.purchases_association, **more)


def new_association(world, with_rule=False, **more):
    return membership(world, configuredTableAssociationIdentifier=world.new_association(with_rule=with_rule), **more)


def template(world, made=None, **more):
    return membership(world, PARTNER, analysisTemplateIdentifier=(made or world.template)["id"], **more)


def query(world, identifier=None, **more):
    return membership(world, protectedQueryIdentifier=identifier or world.query, **more)


def request(world, identifier=None, **more):
    return room(world, changeRequestIdentifier=identifier or world.change_request, **more)


def arn(world, **more):
    return {"resourceArn": world.template["arn"], **more}


def left_alone(world):
    """A collaboration that the partner is invited to and has not joined."""
    return {"collaborationIdentifier": world.new_invitation()}


def not_joined(**more):
    return lambda world: (PARTNER, {**left_alone(world), **more})


def outsider(world):
    return OUTSIDER, room(world)


OWN = {"AccessDeniedException": "everything here belongs to the caller; what belongs to others answers as unknown"}
UNIQUE_BY_ID = {"ConflictException": "the names of configured tables need not differ"}
NOT_NESTED = {"ConflictException": "nothing depends on it and it has no states"}
ANALYSIS = {"name": "purchases", "type": "AGGREGATION"}
AUTHOR = dict(member=PARTNER)
EXCEPT_RULE_SIZE = {"ServiceQuotaExceededException": "a rule's size is limited by its 225 columns"}

WORKING = {
    "BatchGetCollaborationAnalysisTemplate": Entry(
        lambda w: room(w, analysisTemplateArns=[w.template["arn"]]), SAME,
        denied=lambda w: (PARTNER, {**left_alone(w), "analysisTemplateArns": [w.template["arn"]]})),
    "BatchGetSchema": Entry(lambda w: room(w, names=["purchases", "nothing"]), SAME,
                            denied=not_joined(names=["purchases"])),
    "BatchGetSchemaAnalysisRule": Entry(
        lambda w: room(w, schemaAnalysisRuleRequests=[ANALYSIS]), SAME,
        denied=not_joined(schemaAnalysisRuleRequests=[ANALYSIS])),
    "CreateAnalysisTemplate": Entry(
        lambda w: w.template_input(tags={"team": "ads"}), MISSING, **AUTHOR,
        conflict=lambda w: (PARTNER, w.template_input(name=w.template["name"]), "ALREADY_EXISTS"),
        denied=lambda w: (PARTNER, w.template_input(membershipIdentifier=w.removed()[1]))),
    "CreateCollaboration": Entry(
        lambda w: w.collaboration_input(tags={"team": "ads"}), ANY,
        unprovoked={"AccessDeniedException": "every organization may create collaborations"}),
    "CreateCollaborationChangeRequest": Entry(
        lambda w: w.change_input(), DENIED, denied=lambda w: (PARTNER, w.change_input()),
        conflict=lambda w: (RETAILER, w.readmission(), "INVALID_STATE")),
    "CreateConfiguredTable": Entry(
        lambda w: w.table_input(RETAILER, tags={"team": "ads"}), ANY,
        unprovoked={**OWN, **UNIQUE_BY_ID,
                    "ResourceNotFoundException": "a table that the catalog lacks is a validation error"}),
    "CreateConfiguredTableAnalysisRule": Entry(
        lambda w: {"configuredTableIdentifier": w.new_table(), "analysisRuleType": "AGGREGATION",
                   "analysisRulePolicy": AGGREGATION_RULE}, MISSING,
        conflict=lambda w: (RETAILER, rule(w, analysisRulePolicy=AGGREGATION_RULE), "ALREADY_EXISTS"),
        unprovoked={**OWN, **EXCEPT_RULE_SIZE}),
    "CreateConfiguredTableAssociation": Entry(
        lambda w: {**w.association_input(RETAILER, w.new_table()), "tags": {"team": "ads"}}, MISSING,
        conflict=lambda w: (RETAILER, w.association_input(RETAILER, w.purchases, "purchases"), "ALREADY_EXISTS"),
        denied=lambda w: (PARTNER, w.association_input(PARTNER, w.impressions, membership=w.removed()[1]))),
    "CreateConfiguredTableAssociationAnalysisRule": Entry(
        lambda w: w.association_rule(w.new_association()), MISSING,
        conflict=lambda w: (RETAILER, w.association_rule(w.purchases_association), "ALREADY_EXISTS"), unprovoked=OWN),
    "CreateMembership": Entry(
        lambda w: {**w.membership_input(w.new_invitation()), "tags": {"team": "ads"}}, ANY, **AUTHOR,
        conflict=lambda w: (PARTNER, w.membership_input(w.collaboration), "ALREADY_EXISTS"),
        unprovoked={"AccessDeniedException": "a collaboration without an invitation answers as unknown"}),
    "DeleteAnalysisTemplate": Entry(lambda w: template(w, w.new_template()), MISSING, **AUTHOR, unprovoked=OWN),
    "DeleteCollaboration": Entry(left_alone, DENIED, denied=lambda w: (PARTNER, room(w))),
    "DeleteConfiguredTable": Entry(
        lambda w: {"configuredTableIdentifier": w.new_table()}, MISSING,
        conflict=lambda w: (RETAILER, table(w), "SUBRESOURCES_EXIST"), unprovoked=OWN),
    "DeleteConfiguredTableAnalysisRule": Entry(
        new_rule, MISSING, conflict=lambda w: (RETAILER, rule(w), "SUBRESOURCES_EXIST"), unprovoked=OWN),
    "DeleteConfiguredTableAssociation": Entry(new_association, MISSING, unprovoked={**OWN, **NOT_NESTED}),
    "DeleteConfiguredTableAssociationAnalysisRule": Entry(
        lambda w: new_association(w, with_rule=True, analysisRuleType="AGGREGATION"), MISSING,
        unprovoked={**OWN, **NOT_NESTED}),
    "DeleteMember": Entry(
        lambda w: {"collaborationIdentifier": w.new_invitation(), "accountId": PARTNER}, DENIED,
        conflict=lambda w: (
            RETAILER, {"collaborationIdentifier": w.removed()[0], "accountId": PARTNER}, "INVALID_STATE"),
        denied=lambda w: (PARTNER, room(w, accountId=RETAILER))),
    "DeleteMembership": Entry(
        lambda w: {"membershipIdentifier": w.new_collaboration()[1][PARTNER]}, MISSING, **AUTHOR,
        conflict=lambda w: (PARTNER, membership(w, PARTNER), "SUBRESOURCES_EXIST"),
        denied=lambda w: (RETAILER, {"membershipIdentifier": w.new_collaboration()[1][RETAILER]})),
    "GetAnalysisTemplate": Entry(template, MISSING, **AUTHOR, unprovoked=OWN),
    "GetCollaboration": Entry(room, ANY, denied=outsider),
    "GetCollaborationAnalysisTemplate": Entry(
        lambda w: room(w, analysisTemplateArn=w.template["arn"]), SAME,
        denied=lambda w: (PARTNER, {**left_alone(w), "analysisTemplateArn": w.template["arn"]})),
    "GetCollaborationChangeRequest": Entry(request, SAME, unprovoked=OWN),
    "GetConfiguredTable": Entry(table, MISSING, unprovoked=OWN),
    "GetConfiguredTableAnalysisRule": Entry(rule, MISSING, unprovoked=OWN),
    "GetConfiguredTableAssociation": Entry(association, MISSING, unprovoked=OWN),
    "GetConfiguredTableAssociationAnalysisRule": Entry(
        lambda w: association(w, analysisRuleType="AGGREGATION"), MISSING, unprovoked=OWN),
    "GetMembership": Entry(membership, MISSING, unprovoked=OWN),
    "GetProtectedQuery": Entry(query, MISSING, unprovoked=OWN),
    "GetSchema": Entry(lambda w: room(w, name="purchases"), SAME, denied=not_joined(name="purchases")),
    "GetSchemaAnalysisRule": Entry(lambda w: room(w, **ANALYSIS), SAME, denied=not_joined(**ANALYSIS)),
    "ListAnalysisTemplates": Entry(lambda w: membership(w, PARTNER), MISSING, **AUTHOR, unprovoked=OWN),
    "ListCollaborationAnalysisTemplates": Entry(room, SAME, denied=not_joined()),
    "ListCollaborationChangeRequests": Entry(room, SAME, unprovoked=OWN),
    "ListCollaborations": Entry(lambda w: {}, ANY, unprovoked=OWN),
    "ListConfiguredTableAssociations": Entry(membership, MISSING, unprovoked=OWN),
    "ListConfiguredTables": Entry(lambda w: {}, ANY, unprovoked=OWN),
    "ListMembers": Entry(room, SAME, unprovoked=OWN),
    "ListMemberships": Entry(lambda w: {}, ANY, unprovoked=OWN),
    "ListProtectedQueries": Entry(membership, MISSING, unprovoked=OWN),
    "ListSchemas": Entry(room, SAME, denied=not_joined()),
    "ListTagsForResource": Entry(arn, MISSING, **AUTHOR),
    "StartProtectedQuery": Entry(lambda w: w.query_input(), MISSING, denied=lambda w: (
        PARTNER, {**w.query_input(), "membershipIdentifier": w.membership(PARTNER)})),
    "TagResource": Entry(lambda w: arn(w, tags={"stage": "test"}), MISSING, **AUTHOR),
    "UntagResource": Entry(lambda w: arn(w, tagKeys=["stage", "other"]), MISSING, **AUTHOR),
    "UpdateAnalysisTemplate": Entry(lambda w: template(w, description="new"), MISSING, **AUTHOR, unprovoked=OWN),
    "UpdateCollaboration": Entry(
        lambda w: {**left_alone(w), "name": "new", "description": "new"}, DENIED,
        denied=lambda w: (PARTNER, room(w, name="mine"))),
    "UpdateCollaborationChangeRequest": Entry(
        lambda w: request(w, w.new_change_request(), action="CANCEL"), DENIED,
        conflict=lambda w: (RETAILER, request(w, w.new_change_request(), action="COMMIT"), "INVALID_STATE"),
        denied=lambda w: (PARTNER, request(w, w.new_change_request(), action="COMMIT"))),
    "UpdateConfiguredTable": Entry(
        lambda w: {"configuredTableIdentifier": w.new_table(), "name": "new", "description": "new"}, MISSING,
        unprovoked={**OWN, **UNIQUE_BY_ID, "ServiceQuotaExceededException": "an update adds nothing"}),
    "UpdateConfiguredTableAnalysisRule": Entry(
        lambda w: new_rule(w, analysisRulePolicy=AGGREGATION_RULE), MISSING,
        unprovoked={**OWN, **NOT_NESTED, **EXCEPT_RULE_SIZE}),
    "UpdateConfiguredTableAssociation": Entry(
        lambda w: new_association(w, description="new", roleArn=role(RETAILER, "Another")), MISSING,
        unprovoked={**OWN, **NOT_NESTED}),
    "UpdateConfiguredTableAssociationAnalysisRule": Entry(
        lambda w: w.association_rule(w.new_association(with_rule=True), receivers=[RETAILER]), MISSING,
        unprovoked={**OWN, **NOT_NESTED}),
    "UpdateMembership": Entry(
        lambda w: membership(w, queryLogStatus="DISABLED", defaultResultConfiguration=output("new/")), MISSING,
        unprovoked={**OWN, **NOT_NESTED}),
    "UpdateProtectedQuery": Entry(
        lambda w: query(w, w.new_query(), targetStatus="CANCELLED"), MISSING,
        conflict=lambda w: (RETAILER, query(w, targetStatus="CANCELLED"), "INVALID_STATE"),
        denied=lambda w: (PARTNER, {**query(w, w.query_for(PARTNER), targetStatus="CANCELLED"),
                                    "membershipIdentifier": w.membership(PARTNER)})),
}
