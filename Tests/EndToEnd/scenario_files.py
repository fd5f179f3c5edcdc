"""Small scenario files for tests: a retailer and a partner with the how-to's tables, ready for a query."""
import json
import os
import signal
import subprocess
import time

import demo_data
import howto

PARTIES = """\
title: A test
story: Two parties and a query.
seed: 7
parties:
  retailer:
    account: "123456789012"
    name: Acme Retail
    abilities: [CAN_QUERY, CAN_RECEIVE_RESULTS]
    files: {data/purchases.csv: purchases.csv}
    configuration:
      catalog:
        retail_analytics:
          purchases:
            source: {csv: data/purchases.csv}
            columns: {purchase_amount: {type: "decimal(12,2)"}, purchase_date: {type: date}}
            keys: {hashed_email: {form: sha256-hex}}
  partner:
    account: "987654321098"
    name: AdTech Partner
    abilities: [CAN_QUERY, CAN_RECEIVE_RESULTS]
    files: {data/impressions.csv: impressions.csv}
    configuration:
      catalog:
        ad_platform:
          impressions:
            source: {csv: data/impressions.csv}
            columns: {impression_date: {type: date}, hashed_email: {sha256: user_email, normalize: email}}
steps:
"""

SQL = ("SELECT p.store_region, COUNT(DISTINCT p.hashed_email) AS people FROM purchases p "
       "INNER JOIN ad_impressions a ON p.hashed_email = a.hashed_email GROUP BY p.store_region")
SPY = SQL.replace("p.store_region", "p.email")


def call(party, operation, save=None, **arguments):
    """A step, as one line of JSON, which is YAML too."""
    step = {"as": party, "call": operation, "with": arguments}
    if save:
        step["save"] = save
    return "  - " + json.dumps(step) + "\n"


def setting_up():
    """The how-to's steps 1 to 5, seven calls and more, one line each."""
    collaboration = howto.collaboration()
    collaboration["members"] = ["${partner.member}"]
    role = lambda party: f"arn:aws:iam::${{{party}.account}}:role/Table"
    table = lambda name, columns, database: {
        "name": name, "tableReference": {"glue": {"tableName": name, "databaseName": database}},
        "allowedColumns": columns, "analysisMethod": "DIRECT_QUERY"}
    return "".join([
        call("retailer", "CreateCollaboration", {"collaboration": "collaboration.id", "retail": "collaboration.membershipId"},
             **collaboration),
        call("partner", "CreateMembership", {"partnership": "membership.id"}, collaborationIdentifier="${collaboration}",
             queryLogStatus="ENABLED", defaultResultConfiguration=howto.output("from-others/")),
        call("retailer", "CreateConfiguredTable", {"purchases": "configuredTable.id"},
             **table("purchases", ["hashed_email", "purchase_date", "product_category", "purchase_amount",
                                   "store_region"], "retail_analytics")),
        call("partner", "CreateConfiguredTable", {"impressions": "configuredTable.id"},
             **table("impressions", ["hashed_email", "campaign_name", "impression_date", "channel"], "ad_platform")),
        call("retailer", "CreateConfiguredTableAnalysisRule", configuredTableIdentifier="${purchases}",
             analysisRuleType="AGGREGATION", analysisRulePolicy=howto.AGGREGATION_RULE),
        call("partner", "CreateConfiguredTableAnalysisRule", configuredTableIdentifier="${impressions}",
             analysisRuleType="LIST", analysisRulePolicy=howto.LIST_RULE),
        call("retailer", "CreateConfiguredTableAssociation", configuredTableIdentifier="${purchases}",
             membershipIdentifier="${retail}", name="purchases", roleArn=role("retailer")),
        call("partner", "CreateConfiguredTableAssociation", configuredTableIdentifier="${impressions}",
             membershipIdentifier="${partnership}", name="ad_impressions", roleArn=role("partner")),
    ])


SET_UP = 8


def query(expect=None, sql=SQL, **step):
    step = {"as": "retailer", "call": "StartProtectedQuery", "with": {
        "type": "SQL", "membershipIdentifier": "${retail}", "sqlParameters": {"queryString": sql},
        "resultConfiguration": howto.output("tests/")}, **step}
    if expect is not None:
        step["expect"] = expect
    return "  - " + json.dumps(step) + "\n"


def fault(**what):
    return "  - " + json.dumps({"fault": what}) + "\n"


def listen_to_signals():
    """Whoever starts the tests may ignore signals, and what is ignored is inherited."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


class Runner:
    """Runs scenario files in a folder of their own; nothing may be left of a run."""

    def __init__(self, binary, folder):
        self.binary, self.folder = binary, folder
        demo_data.write_demo(str(folder), str(folder), 0.01)
        os.mkdir(folder / "tmp")

    def write(self, text):
        path = self.folder / "test.yaml"
        path.write_text(text)
        return path

    def environment(self):
        return {**os.environ, "TMPDIR": str(self.folder / "tmp")}

    def start(self, text, *options):
        return subprocess.Popen(
            [self.binary, "scenario", "run", str(self.write(text)), *map(str, options)], stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, env=self.environment(), start_new_session=True,
            preexec_fn=listen_to_signals)

    def run(self, text, *options, code=0, timeout=120):
        process = self.start(text, *options)
        try:
            out, error = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise AssertionError(process.communicate())
        assert process.returncode == code, out + error
        self.nothing_is_left()
        return out, error

    def steps(self, steps, *options, checks="", **how):
        return self.run(PARTIES + steps + checks, *options, **how)

    def processes(self):
        """Number and command line of daemons and helpers of runs in this folder."""
        found = {}
        for number in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{number}/cmdline") as file:
                    words = file.read().split("\0")
            except OSError:
                continue
            line = " ".join(words)
            if str(self.folder) in line and "scenario run" not in line and int(number) != os.getpid():
                found[int(number)] = line
        return found

    def nothing_is_left(self, wait=10):
        deadline = time.monotonic() + wait
        while time.monotonic() < deadline:
            if not self.processes():
                break
            time.sleep(0.1)
        assert self.processes() == {}
