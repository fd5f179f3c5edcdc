"""The founding how-to, command by command, through the AWS CLI or through a client of ours."""
import json
import re
import subprocess

RETAILER, PARTNER = "123456789012", "987654321098"

SQL = (
    "SELECT ai.campaign_name, p.product_category, p.store_region, COUNT(DISTINCT p.hashed_email) as matched_customers, "
    "SUM(p.purchase_amount) as total_purchases, AVG(p.purchase_amount) as avg_purchase FROM purchases p "
    "INNER JOIN ad_impressions ai ON p.hashed_email = ai.hashed_email WHERE YEAR(p.purchase_date) = 2025 AND "
    "MONTH(p.purchase_date) = 12 GROUP BY ai.campaign_name, p.product_category, p.store_region "
    "HAVING COUNT(DISTINCT p.hashed_email) >= 25")

REFUSED_SQL = (
    "SELECT p.email, ai.device_id, COUNT(*) FROM purchases p LEFT JOIN ad_impressions ai "
    "ON p.hashed_email = ai.hashed_email WHERE p.hashed_email = 'someone' GROUP BY p.email, ai.device_id")

AGGREGATION_RULE = {"v1": {"aggregation": {
    "aggregateColumns": [
        {"columnNames": ["purchase_amount"], "function": "SUM"},
        {"columnNames": ["purchase_amount"], "function": "AVG"},
        {"columnNames": ["hashed_email"], "function": "COUNT_DISTINCT"}],
    "joinColumns": ["hashed_email"], "joinRequired": "QUERY_RUNNER",
    "dimensionColumns": ["product_category", "store_region", "purchase_date"],
    "scalarFunctions": ["TRUNC", "YEAR", "MONTH"],
    "outputConstraints": [{"columnName": "hashed_email", "minimum": 25, "type": "COUNT_DISTINCT"}]}}}

LIST_RULE = {"v1": {"list": {
    "joinColumns": ["hashed_email"], "listColumns": ["campaign_name", "impression_date", "channel"],
    "allowedJoinOperators": ["OR"]}}}


def collaboration(strict=False):
    metadata = {"allowCleartext": True, "allowDuplicates": True, "preserveNulls": True}
    if strict:
        metadata["allowJoinsOnColumnsWithDifferentNames"] = True
    return {
        "name": "retail-ad-campaign-analysis",
        "description": "Joint analysis of ad campaigns and purchase data",
        "creatorMemberAbilities": ["CAN_QUERY", "CAN_RECEIVE_RESULTS"], "creatorDisplayName": "Acme Retail",
        "members": [{"accountId": PARTNER, "memberAbilities": ["CAN_QUERY", "CAN_RECEIVE_RESULTS"],
                     "displayName": "AdTech Partner"}],
        "queryLogStatus": "ENABLED", "dataEncryptionMetadata": metadata}


def output(prefix, result_format="CSV", bucket="my-cleanroom-results"):
    return {"outputConfiguration": {"s3": {"bucket": bucket, "keyPrefix": prefix, "resultFormat": result_format}}}


def role(account, name):
    return f"arn:aws:iam::{account}:role/{name}"


class Refused(Exception):
    """The API's answer to a call that it does not accept."""


class OurCaller:
    name = "a client of ours (the AWS CLI is not installed)"

    def __init__(self, consortium):
        self.clients = {account: consortium.client(account) for account, _ in consortium.members}

    def __call__(self, account, operation, **arguments):
        try:
            return self.clients[account].call(operation, **arguments)
        except Exception as error:
            raise Refused(str(error)) from error


class AWSCaller:
    """Runs the unmodified AWS CLI with the profiles that `cleanroom init` wrote."""

    def __init__(self, consortium, aws):
        self.consortium, self.aws = consortium, aws
        version = subprocess.run([aws, "--version"], capture_output=True, text=True, check=True)
        self.name = "the AWS CLI (" + (version.stdout or version.stderr).split()[0] + ")"

    def environment(self, operation):
        """The how-to leaves out a member of CreateCollaboration that the CLI itself insists on; a documented setting of
        the profile makes it send the command as it is."""
        environment = self.consortium.aws_environment()
        if operation == "CreateCollaboration":
            environment["AWS_CONFIG_FILE"] = lenient_configuration(environment["AWS_CONFIG_FILE"])
        return environment

    def command(self, account, operation, arguments):
        command = [self.aws, "--profile", self.consortium.profile(account), "cleanrooms", kebab(operation)]
        for name, value in arguments.items():
            text = value if isinstance(value, str) else json.dumps(value)
            command += ["--" + kebab(name), text]
        return command

    def __call__(self, account, operation, **arguments):
        result = subprocess.run(self.command(account, operation, arguments), capture_output=True, text=True,
                                env=self.environment(operation))
        if result.returncode != 0:
            raise Refused(result.stderr.strip())
        return json.loads(result.stdout) if result.stdout.strip() else {}


def lenient_configuration(path):
    """A copy of an AWS configuration whose profiles leave validation to the server; returns its path."""
    lenient = path + "-lenient"
    with open(path) as original, open(lenient, "w") as file:
        file.write(re.sub(r"^(\[profile .*\])$", r"\1\nparameter_validation = false", original.read(), flags=re.M))
    return lenient


def kebab(name):
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()


def set_up(call, strict=False, say=lambda text: None):
    """Steps 1 to 5; returns the identifiers."""
    ids = {}
    say("Step 1: create a collaboration")
    created = call(RETAILER, "CreateCollaboration", **collaboration(strict))["collaboration"]
    ids["collaboration"], ids["retail_membership"] = created["id"], created.get("membershipId")
    say("Step 2: the invited party creates its membership")
    ids["partner_membership"] = call(
        PARTNER, "CreateMembership", collaborationIdentifier=ids["collaboration"], queryLogStatus="ENABLED",
        defaultResultConfiguration={
            **output("campaign-analysis/"), "roleArn": role(PARTNER, "CleanRoomsResultRole")})["membership"]["id"]
    say("Step 3: configure the tables")
    ids["purchases"] = call(
        RETAILER, "CreateConfiguredTable", name="purchase-data", description="Customer purchase transactions",
        tableReference={"glue": {"tableName": "purchases", "databaseName": "retail_analytics"}},
        allowedColumns=["hashed_email", "purchase_date", "product_category", "purchase_amount", "store_region"],
        analysisMethod="DIRECT_QUERY")["configuredTable"]["id"]
    ids["impressions"] = call(
        PARTNER, "CreateConfiguredTable", name="ad-impressions", description="Advertising impressions",
        tableReference={"glue": {"tableName": "impressions", "databaseName": "ad_platform"}},
        allowedColumns=["hashed_email", "campaign_name", "impression_date", "channel"],
        analysisMethod="DIRECT_QUERY")["configuredTable"]["id"]
    say("Step 4: define the analysis rules")
    call(RETAILER, "CreateConfiguredTableAnalysisRule", configuredTableIdentifier=ids["purchases"],
         analysisRuleType="AGGREGATION", analysisRulePolicy=AGGREGATION_RULE)
    call(PARTNER, "CreateConfiguredTableAnalysisRule", configuredTableIdentifier=ids["impressions"],
         analysisRuleType="LIST", analysisRulePolicy=LIST_RULE)
    say("Step 5: associate the tables with the collaboration")
    call(RETAILER, "CreateConfiguredTableAssociation", configuredTableIdentifier=ids["purchases"],
         membershipIdentifier=ids["retail_membership"], name="purchases", roleArn=role(RETAILER, "CleanRoomsTableRole"))
    call(PARTNER, "CreateConfiguredTableAssociation", configuredTableIdentifier=ids["impressions"],
         membershipIdentifier=ids["partner_membership"], name="ad_impressions",
         roleArn=role(PARTNER, "CleanRoomsTableRole"))
    return ids


def start_query(call, ids, sql=SQL, prefix="dec-2025-analysis/"):
    answer = call(RETAILER, "StartProtectedQuery", type="SQL", membershipIdentifier=ids["retail_membership"],
                  sqlParameters={"queryString": sql}, resultConfiguration=output(prefix))
    return answer["protectedQuery"]["id"]
