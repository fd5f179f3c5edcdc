"""A collaboration of two members, and factories for resources that operations need before they can succeed."""
import itertools
import time

from botocore import xform_name
from botocore.exceptions import ClientError
from daemons import MEMBERS, OUTSIDER
from howto import LIST_RULE, PARTNER, RETAILER, output, role

NEWCOMER = "444444444444"
ENDED = ("SUCCESS", "FAILED", "CANCELLED", "TIMED_OUT")

AGGREGATION_RULE = {"v1": {"aggregation": {
    "aggregateColumns": [{"columnNames": ["purchase_amount"], "function": "SUM"}], "joinColumns": ["hashed_email"],
    "dimensionColumns": ["product_category", "store_region"], "scalarFunctions": ["TRUNC"],
    "outputConstraints": [{"columnName": "hashed_email", "minimum": 10, "type": "COUNT_DISTINCT"}]}}}
QUERY = ("SELECT ai.channel, p.store_region, SUM(p.purchase_amount) AS total FROM purchases p "
         "INNER JOIN ad_impressions ai ON p.hashed_email = ai.hashed_email GROUP BY ai.channel, p.store_region")
TEMPLATE = "SELECT p.store_region FROM purchases p WHERE p.product_category <> :category"
TABLES = {RETAILER: ("purchases", "retail_analytics",
                     ["hashed_email", "product_category", "store_region", "purchase_amount"]),
          PARTNER: ("impressions", "ad_platform", ["hashed_email", "campaign_name", "impression_date", "channel"]),
          OUTSIDER: ("things", "stock", ["id", "value"])}


class World:
    """Retailer and partner share a collaboration; the outsider has no part in it."""

    def __init__(self, consortium):
        self.clients = {account: consortium.boto(account) for account, _ in MEMBERS}
        self.a, self.b, self.c = (self.clients[account] for account in (RETAILER, PARTNER, OUTSIDER))
        self.numbers, self.used_up = itertools.count(1), {}
        self.collaboration, self.members = self.new_collaboration()
        self.purchases = self.new_table(RETAILER, AGGREGATION_RULE, "AGGREGATION")
        self.impressions = self.new_table(PARTNER, LIST_RULE, "LIST")
        self.purchases_association = self.new_association(RETAILER, self.purchases, "purchases", with_rule=True)
        self.new_association(PARTNER, self.impressions, "ad_impressions")
        self.template, _ = self.new_template(), self.new_template()
        self.query = self.new_query()
        self.wait(self.query)
        self.new_query()
        self.change_request, _ = self.new_change_request(), self.new_change_request()

    def call(self, account, operation, arguments):
        return getattr(self.clients[account], xform_name(operation))(**arguments)

    def refusal(self, account, operation, arguments):
        """The error that a call is answered with: type, HTTP status and body; None if it succeeds."""
        try:
            self.call(account, operation, arguments)
        except ClientError as error:
            return error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"], error.response
        return None

    def name(self, prefix="n"):
        return f"{prefix}{next(self.numbers)}"

    def client(self, account):
        return self.clients[account]

    def membership(self, account):
        return self.members[account]

    def collaboration_input(self, **more):
        return {"name": self.name("collaboration"), "description": "d", "creatorDisplayName": "Acme Retail",
                "creatorMemberAbilities": ["CAN_QUERY", "CAN_RECEIVE_RESULTS"], "queryLogStatus": "ENABLED",
                "members": [{"accountId": PARTNER, "memberAbilities": ["CAN_RECEIVE_RESULTS"],
                             "displayName": "AdTech Partner"}],
                "dataEncryptionMetadata": {"allowCleartext": True, "allowDuplicates": True, "preserveNulls": True,
                                           "allowJoinsOnColumnsWithDifferentNames": True}, **more}

    def new_invitation(self):
        return self.a.create_collaboration(**self.collaboration_input())["collaboration"]["id"]

    def membership_input(self, collaboration):
        return {"collaborationIdentifier": collaboration, "queryLogStatus": "ENABLED",
                "defaultResultConfiguration": {**output("results/"), "roleArn": role(PARTNER, "ResultRole")}}

    def new_collaboration(self):
        """Joined by both; the memberships by account."""
        made = self.a.create_collaboration(**self.collaboration_input())["collaboration"]
        partner = self.b.create_membership(**self.membership_input(made["id"]))["membership"]["id"]
        return made["id"], {RETAILER: made["membershipId"], PARTNER: partner}

    def table_input(self, account, **more):
        table, database, columns = TABLES[account]
        return {"name": self.name("table"), "analysisMethod": "DIRECT_QUERY", "allowedColumns": columns,
                "tableReference": {"glue": {"tableName": table, "databaseName": database}}, **more}

    def new_table(self, account=RETAILER, policy=None, kind=None):
        table = self.client(account).create_configured_table(**self.table_input(account))["configuredTable"]["id"]
        if policy:
            self.client(account).create_configured_table_analysis_rule(
                configuredTableIdentifier=table, analysisRuleType=kind, analysisRulePolicy=policy)
        return table

    def association_input(self, account, table, name=None, membership=None):
        return {"configuredTableIdentifier": table, "membershipIdentifier": membership or self.membership(account),
                "name": name or self.name("table_"), "roleArn": role(account, "CleanRoomsTableRole")}

    def new_association(self, account=RETAILER, table=None, name=None, with_rule=False):
        table = table or self.new_table(account, AGGREGATION_RULE, "AGGREGATION")
        made = self.client(account).create_configured_table_association(
            **self.association_input(account, table, name))["configuredTableAssociation"]["id"]
        if with_rule:
            self.client(account).create_configured_table_association_analysis_rule(**self.association_rule(made))
        return made

    def association_rule(self, association, receivers=(RETAILER, PARTNER)):
        return {"membershipIdentifier": self.membership(RETAILER), "analysisRuleType": "AGGREGATION",
                "configuredTableAssociationIdentifier": association,
                "analysisRulePolicy": {"v1": {"aggregation": {"allowedResultReceivers": list(receivers)}}}}

    def template_input(self, account=PARTNER, **more):
        return {"membershipIdentifier": self.membership(account), "name": self.name("template"), "format": "SQL",
                "source": {"text": TEMPLATE}, "analysisParameters": [{"name": "category", "type": "VARCHAR"}], **more}

    def new_template(self, account=PARTNER):
        return self.client(account).create_analysis_template(**self.template_input(account))["analysisTemplate"]

    def query_input(self):
        return {"type": "SQL", "membershipIdentifier": self.membership(RETAILER),
                "sqlParameters": {"queryString": QUERY}, "resultConfiguration": output("results/")}

    def new_query(self, configuration=None):
        arguments = {**self.query_input(), "resultConfiguration": configuration or output("results/")}
        return self.a.start_protected_query(**arguments)["protectedQuery"]["id"]

    def wait(self, query):
        deadline = time.monotonic() + 60
        while True:
            answer = self.a.get_protected_query(
                membershipIdentifier=self.membership(RETAILER), protectedQueryIdentifier=query)["protectedQuery"]
            if answer["status"] in ENDED:
                return answer
            assert time.monotonic() < deadline, answer
            time.sleep(0.02)

    def change_input(self, collaboration=None):
        change = {"accountId": NEWCOMER, "memberAbilities": [], "displayName": self.name("New")}
        return {"collaborationIdentifier": collaboration or self.collaboration,
                "changes": [{"specificationType": "MEMBER", "specification": {"member": change}}]}

    def new_change_request(self):
        made = self.a.create_collaboration_change_request(**self.change_input())
        return made["collaborationChangeRequest"]["id"]

    def query_for(self, account):
        """A query whose results go to another member."""
        return self.new_query({"outputConfiguration": {"member": {"accountId": account}}})

    def readmission(self):
        request = self.change_input(self.removed()[0])
        request["changes"][0]["specification"]["member"]["accountId"] = PARTNER
        return request

    def removed(self):
        """A collaboration from which the partner was removed, and its membership there."""
        collaboration, members = self.new_collaboration()
        self.a.delete_member(collaborationIdentifier=collaboration, accountId=PARTNER)
        return collaboration, members[PARTNER]
