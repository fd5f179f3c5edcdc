"""A consortium of a retailer, an advertising partner and a card bank, with deterministic data."""
import csv
import os
import random

import demo_data
import howto
from client import APIError
from consortium import Consortium, wait_for_query
from howto import PARTNER, RETAILER

BANK = "111122223333"
MEMBERS = [(RETAILER, "Acme Retail"), (PARTNER, "AdTech Partner"), (BANK, "Card Bank")]

BANK_CATALOG = """
catalog:
  bank:
    cards:
      source: {parquet: data/cards.parquet}
      keys:
        hashed_email: {form: sha256-hex}
"""

BANK_RULE = {"v1": {"aggregation": {
    "aggregateColumns": [
        {"columnNames": ["hashed_email"], "function": "COUNT_DISTINCT"},
        {"columnNames": ["spend"], "function": "SUM"}, {"columnNames": ["spend"], "function": "AVG"},
        {"columnNames": ["visits"], "function": "SUM"}, {"columnNames": ["visits"], "function": "AVG"},
        {"columnNames": ["visits"], "function": "COUNT"}, {"columnNames": ["visits"], "function": "SUM_DISTINCT"}],
    "joinColumns": ["hashed_email"], "dimensionColumns": ["segment", "city", "opened"],
    "scalarFunctions": ["YEAR", "MONTH", "UPPER", "LOWER", "SUBSTRING", "COALESCE", "TRIM"],
    "outputConstraints": [{"columnName": "hashed_email", "minimum": 10, "type": "COUNT_DISTINCT"}]}}}


def write_cards(path, customers, seed=7):
    """Written through DuckDB as Parquet, with NULLs in every column."""
    import duckdb

    rng = random.Random(seed)
    table = path.replace(".parquet", ".csv")
    with open(table, "w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["pan", "hashed_email", "segment", "city", "opened", "spend", "visits"])
        for number in range(0, customers, 2):
            optional = lambda value: "" if rng.random() < 0.05 else value
            out.writerow([f"PAN-{number:012d}", optional(demo_data.hashed(demo_data.email_of(number))),
                          optional(rng.choice(["gold", "silver", " Basic", "naïve"])),
                          optional(rng.choice(["Oslo", "Łódź", "São Paulo", "東京"])),
                          optional(f"20{rng.randint(10, 25)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"),
                          optional(f"{rng.randint(-5000, 900000) / 100:.2f}"), optional(rng.randint(0, 40))])
    duckdb.sql(f"""COPY (SELECT pan, hashed_email, segment, city, opened::DATE AS opened,
        spend::DECIMAL(12,2) AS spend, visits::INTEGER AS visits
        FROM read_csv('{table}', all_varchar = true, nullstr = '')) TO '{path}' (FORMAT parquet)""")
    os.remove(table)


class Room(Consortium):
    def __init__(self, binary, folder, scale=0.05, record=False, members=MEMBERS):
        super().__init__(binary, os.path.join(str(folder), "consortium"), members)
        self.scale, self.record = scale, record
        self.ids = {}

    def prepare(self):
        """Everything but starting the daemons."""
        self.init()
        demo_data.write_demo(self.path(RETAILER, "data"), self.path(PARTNER, "data"), self.scale)
        self.add_to_configuration(RETAILER, demo_data.RETAIL_CATALOG)
        self.add_to_configuration(PARTNER, demo_data.PARTNER_CATALOG)
        if (BANK, "Card Bank") in self.members:
            write_cards(self.path(BANK, "data/cards.parquet"), int(100_000 * self.scale))
            self.add_to_configuration(BANK, BANK_CATALOG)
        if self.record:
            for account, _ in self.members:
                self.daemon(account).environment = {"CLEANROOM_RECORD_LINK": self.path(account, "link")}
        return self

    def set_up(self):
        """Starts everything and runs the how-to's steps, with the bank as a third member."""
        self.prepare().start()
        self.clients = {account: self.client(account) for account, _ in self.members}
        self.create()
        return self

    def create(self):
        call = lambda account, operation, **arguments: self.clients[account].call(operation, **arguments)
        original = howto.collaboration

        def with_bank(strict=False):
            document = original(strict)
            if (BANK, "Card Bank") in self.members:
                document["members"].append(
                    {"accountId": BANK, "memberAbilities": ["CAN_RECEIVE_RESULTS"], "displayName": "Card Bank"})
            return document

        howto.collaboration = with_bank
        try:
            self.ids = howto.set_up(call)
        finally:
            howto.collaboration = original
        if (BANK, "Card Bank") in self.members:
            self.join_bank(call)

    def join_bank(self, call):
        ids = self.ids
        ids["bank_membership"] = call(
            BANK, "CreateMembership", collaborationIdentifier=ids["collaboration"], queryLogStatus="ENABLED",
            defaultResultConfiguration=howto.output("from-partners/", "PARQUET"))["membership"]["id"]
        ids["cards"] = call(
            BANK, "CreateConfiguredTable", name="cards", analysisMethod="DIRECT_QUERY",
            tableReference={"glue": {"tableName": "cards", "databaseName": "bank"}},
            allowedColumns=["hashed_email", "segment", "city", "opened", "spend", "visits"])["configuredTable"]["id"]
        call(BANK, "CreateConfiguredTableAnalysisRule", configuredTableIdentifier=ids["cards"],
             analysisRuleType="AGGREGATION", analysisRulePolicy=BANK_RULE)
        call(BANK, "CreateConfiguredTableAssociation", configuredTableIdentifier=ids["cards"],
             membershipIdentifier=ids["bank_membership"], name="cards", roleArn=howto.role(BANK, "CleanRoomsTableRole"))

    def membership(self, account):
        return self.ids[{RETAILER: "retail_membership", PARTNER: "partner_membership", BANK: "bank_membership"}[account]]

    def submit(self, sql, account=RETAILER, configuration=None):
        answer = self.clients[account].call(
            "StartProtectedQuery", type="SQL", membershipIdentifier=self.membership(account),
            sqlParameters={"queryString": sql}, resultConfiguration=configuration or howto.output("tests/"))
        return answer["protectedQuery"]["id"]

    def wait(self, query, account=RETAILER, timeout=120):
        return wait_for_query(self.clients[account], self.membership(account), query, timeout)

    def run(self, sql, account=RETAILER, configuration=None):
        """Runs a query to its end; returns the protectedQuery."""
        return self.wait(self.submit(sql, account, configuration), account)

    def result_path(self, location, account=RETAILER):
        assert location.startswith("s3://my-cleanroom-results/")
        return os.path.join(self.path(account, "results"), *location.split("/")[3:])

    def rows(self, sql, account=RETAILER):
        """The result of a query that must succeed, header first. NULL is None, an empty string is ''."""
        ended = self.run(sql, account)
        assert ended["status"] == "SUCCESS", ended
        return read_csv(self.result_path(ended["result"]["output"]["s3"]["location"], account))

    def refusal(self, sql, account=RETAILER):
        """The error with which a query is refused."""
        try:
            self.submit(sql, account)
        except APIError as error:
            return error
        raise AssertionError(f"was accepted: {sql}")


def read_csv(path):
    """RFC 4180 with the difference between an empty unquoted field (NULL) and a quoted one kept."""
    with open(path, newline="", encoding="utf-8") as file:
        text = file.read()
    rows, row, field, index, quoted, was_quoted = [], [], "", 0, False, False
    while index < len(text):
        character = text[index]
        if quoted:
            if character == '"' and text[index + 1:index + 2] == '"':
                field += '"'
                index += 1
            elif character == '"':
                quoted = False
            else:
                field += character
        elif character == '"':
            quoted = was_quoted = True
        elif character in ",\n":
            row.append(field if field or was_quoted else None)
            field, was_quoted = "", False
            if character == "\n":
                rows.append(row)
                row = []
        else:
            field += character
        index += 1
    assert not row and not field, "the file does not end with a line feed"
    return rows
