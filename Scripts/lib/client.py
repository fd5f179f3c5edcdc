"""A small client of the AWS Clean Rooms API, for machines without the AWS CLI: standard library only.

Operations have their API names and take and give the API's JSON:

    client = Client.from_profile("aws/config", "aws/credentials", "acme-retail")
    client.call("ListCollaborations")
"""
import configparser
import datetime
import hashlib
import hmac
import http.client
import json
import re
import ssl
import urllib.parse

# Method and path of the operations that the scripts use.
ROUTES = {
    "CreateCollaboration": ("POST", "/collaborations"),
    "GetCollaboration": ("GET", "/collaborations/{collaborationIdentifier}"),
    "ListCollaborations": ("GET", "/collaborations"),
    "DeleteCollaboration": ("DELETE", "/collaborations/{collaborationIdentifier}"),
    "UpdateCollaboration": ("PATCH", "/collaborations/{collaborationIdentifier}"),
    "BatchGetSchema": ("POST", "/collaborations/{collaborationIdentifier}/batch-schema"),
    "BatchGetSchemaAnalysisRule": ("POST", "/collaborations/{collaborationIdentifier}/batch-schema-analysis-rule"),
    "DeleteMember": ("DELETE", "/collaborations/{collaborationIdentifier}/member/{accountId}"),
    "CreateCollaborationChangeRequest": ("POST", "/collaborations/{collaborationIdentifier}/changeRequests"),
    "ListCollaborationChangeRequests": ("GET", "/collaborations/{collaborationIdentifier}/changeRequests"),
    "GetCollaborationChangeRequest":
        ("GET", "/collaborations/{collaborationIdentifier}/changeRequests/{changeRequestIdentifier}"),
    "UpdateCollaborationChangeRequest":
        ("PATCH", "/collaborations/{collaborationIdentifier}/changeRequests/{changeRequestIdentifier}"),
    "TagResource": ("POST", "/tags/{resourceArn}"),
    "UntagResource": ("DELETE", "/tags/{resourceArn}"),
    "ListTagsForResource": ("GET", "/tags/{resourceArn}"),
    "ListMembers": ("GET", "/collaborations/{collaborationIdentifier}/members"),
    "ListSchemas": ("GET", "/collaborations/{collaborationIdentifier}/schemas"),
    "GetSchema": ("GET", "/collaborations/{collaborationIdentifier}/schemas/{name}"),
    "GetSchemaAnalysisRule": ("GET", "/collaborations/{collaborationIdentifier}/schemas/{name}/analysisRule/{type}"),
    "CreateMembership": ("POST", "/memberships"),
    "GetMembership": ("GET", "/memberships/{membershipIdentifier}"),
    "UpdateMembership": ("PATCH", "/memberships/{membershipIdentifier}"),
    "ListMemberships": ("GET", "/memberships"),
    "DeleteMembership": ("DELETE", "/memberships/{membershipIdentifier}"),
    "CreateConfiguredTable": ("POST", "/configuredTables"),
    "GetConfiguredTable": ("GET", "/configuredTables/{configuredTableIdentifier}"),
    "ListConfiguredTables": ("GET", "/configuredTables"),
    "UpdateConfiguredTable": ("PATCH", "/configuredTables/{configuredTableIdentifier}"),
    "DeleteConfiguredTable": ("DELETE", "/configuredTables/{configuredTableIdentifier}"),
    "CreateConfiguredTableAnalysisRule": ("POST", "/configuredTables/{configuredTableIdentifier}/analysisRule"),
    "GetConfiguredTableAnalysisRule": (
        "GET", "/configuredTables/{configuredTableIdentifier}/analysisRule/{analysisRuleType}"),
    "UpdateConfiguredTableAnalysisRule": (
        "PATCH", "/configuredTables/{configuredTableIdentifier}/analysisRule/{analysisRuleType}"),
    "DeleteConfiguredTableAnalysisRule": (
        "DELETE", "/configuredTables/{configuredTableIdentifier}/analysisRule/{analysisRuleType}"),
    "CreateConfiguredTableAssociation": ("POST", "/memberships/{membershipIdentifier}/configuredTableAssociations"),
    "GetConfiguredTableAssociation": (
        "GET",
        "/memberships/{membershipIdentifier}/configuredTableAssociations/{configuredTableAssociationIdentifier}"),
    "ListConfiguredTableAssociations": ("GET", "/memberships/{membershipIdentifier}/configuredTableAssociations"),
    "DeleteConfiguredTableAssociation": (
        "DELETE",
        "/memberships/{membershipIdentifier}/configuredTableAssociations/{configuredTableAssociationIdentifier}"),
    "UpdateConfiguredTableAssociation": (
        "PATCH",
        "/memberships/{membershipIdentifier}/configuredTableAssociations/{configuredTableAssociationIdentifier}"),
    "CreateConfiguredTableAssociationAnalysisRule": (
        "POST",
        "/memberships/{membershipIdentifier}/configuredTableAssociations/{configuredTableAssociationIdentifier}"
        "/analysisRule"),
    "GetConfiguredTableAssociationAnalysisRule": (
        "GET",
        "/memberships/{membershipIdentifier}/configuredTableAssociations/{configuredTableAssociationIdentifier}"
        "/analysisRule/{analysisRuleType}"),
    "UpdateConfiguredTableAssociationAnalysisRule": (
        "PATCH",
        "/memberships/{membershipIdentifier}/configuredTableAssociations/{configuredTableAssociationIdentifier}"
        "/analysisRule/{analysisRuleType}"),
    "DeleteConfiguredTableAssociationAnalysisRule": (
        "DELETE",
        "/memberships/{membershipIdentifier}/configuredTableAssociations/{configuredTableAssociationIdentifier}"
        "/analysisRule/{analysisRuleType}"),
    "GetAnalysisTemplate": (
        "GET", "/memberships/{membershipIdentifier}/analysistemplates/{analysisTemplateIdentifier}"),
    "ListAnalysisTemplates": ("GET", "/memberships/{membershipIdentifier}/analysistemplates"),
    "UpdateAnalysisTemplate": (
        "PATCH", "/memberships/{membershipIdentifier}/analysistemplates/{analysisTemplateIdentifier}"),
    "DeleteAnalysisTemplate": (
        "DELETE", "/memberships/{membershipIdentifier}/analysistemplates/{analysisTemplateIdentifier}"),
    "GetCollaborationAnalysisTemplate": (
        "GET", "/collaborations/{collaborationIdentifier}/analysistemplates/{analysisTemplateArn}"),
    "ListCollaborationAnalysisTemplates": ("GET", "/collaborations/{collaborationIdentifier}/analysistemplates"),
    "BatchGetCollaborationAnalysisTemplate": (
        "POST", "/collaborations/{collaborationIdentifier}/batch-analysistemplates"),
    "StartProtectedQuery": ("POST", "/memberships/{membershipIdentifier}/protectedQueries"),
    "GetProtectedQuery": ("GET", "/memberships/{membershipIdentifier}/protectedQueries/{protectedQueryIdentifier}"),
    "ListProtectedQueries": ("GET", "/memberships/{membershipIdentifier}/protectedQueries"),
    "UpdateProtectedQuery": (
        "PATCH", "/memberships/{membershipIdentifier}/protectedQueries/{protectedQueryIdentifier}"),
    "CreateAnalysisTemplate": ("POST", "/memberships/{membershipIdentifier}/analysistemplates"),
}
QUERY_PARAMETERS = {"tagKeys", "nextToken", "maxResults", "memberStatus", "status", "schemaType"}


class APIError(Exception):
    """An error answer: its type, HTTP status and body."""

    def __init__(self, kind, status, body):
        super().__init__(f"{kind} ({status}): {body.get('message', '')}")
        self.kind, self.status, self.body = kind, status, body


class Client:
    def __init__(self, endpoint, authority, access_key, secret, region):
        parts = urllib.parse.urlsplit(endpoint)
        self.host, self.port = parts.hostname, parts.port
        self.context = ssl.create_default_context(cafile=authority)
        self.access_key, self.secret, self.region = access_key, secret, region

    @classmethod
    def from_profile(cls, config, credentials, profile):
        settings = configparser.ConfigParser()
        settings.read(config)
        section = settings[f"profile {profile}"]
        keys = configparser.ConfigParser()
        keys.read(credentials)
        return cls(section["endpoint_url"], section["ca_bundle"], keys[profile]["aws_access_key_id"],
                   keys[profile]["aws_secret_access_key"], section["region"])

    def call(self, operation, **arguments):
        method, template = ROUTES[operation]

        def fill(match):
            return urllib.parse.quote(str(arguments.pop(match.group(1))), safe="-_.~")

        path = re.sub(r"\{(\w+)\}", fill, template)
        query = {}
        if method in ("GET", "DELETE"):
            query = {name: arguments.pop(name) for name in list(arguments) if name in QUERY_PARAMETERS}
        body = json.dumps(arguments).encode() if method in ("POST", "PATCH") else b""
        status, headers, answer = self.send(method, path, query, body)
        document = json.loads(answer) if answer else {}
        if status >= 300:
            raise APIError(headers.get("x-amzn-ErrorType", "?"), status, document)
        return document

    def send(self, method, path, query=None, body=b"", now=None, change=None, target=None):
        """One signed request. `change` may alter the headers after signing, to see what the server makes of it."""
        query_text = urllib.parse.urlencode(sorted((query or {}).items()), doseq=True, quote_via=urllib.parse.quote)
        headers = self.sign(method, path, query_text, body, now)
        if change:
            change(headers)
        connection = http.client.HTTPSConnection(self.host, self.port, context=self.context, timeout=60)
        try:
            connection.request(method, target or path + ("?" + query_text if query_text else ""), body, headers)
            response = connection.getresponse()
            return response.status, response.headers, response.read()
        finally:
            connection.close()

    def sign(self, method, path, query_text, body, now=None):
        now = now or datetime.datetime.now(datetime.timezone.utc)
        time = now.strftime("%Y%m%dT%H%M%SZ")
        headers = {"Host": f"{self.host}:{self.port}", "X-Amz-Date": time}
        if body:
            headers["Content-Type"] = "application/json"
        names = sorted(name.lower() for name in headers)
        values = {name.lower(): value for name, value in headers.items()}
        encoded_path = "/".join(urllib.parse.quote(part, safe="-_.~") for part in path.split("/"))
        canonical = "\n".join(
            [method, encoded_path, query_text] + [f"{name}:{values[name]}" for name in names]
            + ["", ";".join(names), hashlib.sha256(body).hexdigest()])
        scope = f"{time[:8]}/{self.region}/cleanrooms/aws4_request"
        text = f"AWS4-HMAC-SHA256\n{time}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
        key = b"AWS4" + self.secret.encode()
        for part in scope.split("/"):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        signature = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
        headers["Authorization"] = (
            f"AWS4-HMAC-SHA256 Credential={self.access_key}/{scope}, SignedHeaders={';'.join(names)}, "
            f"Signature={signature}")
        return headers
