"""The program's commands beside the daemons: explain, api, hash and doctor."""
import csv
import hashlib
import io
import json
import os
import re
import subprocess

import pytest

import howto
import room
from howto import PARTNER, RETAILER


def cleanroom(binary, *arguments, environment=None, text=None, raw=False):
    return subprocess.run([binary, *arguments], capture_output=True, text=not raw, input=text, env=environment)


class ProgramCaller:
    """Calls the API through `cleanroom api` alone."""

    def __init__(self, consortium):
        self.consortium = consortium

    def run(self, account, operation, *more, **arguments):
        return cleanroom(self.consortium.binary, "api", operation, "--profile", self.consortium.profile(account),
                         "--cli-input-json", json.dumps(arguments), *more,
                         environment=self.consortium.aws_environment())

    def __call__(self, account, operation, **arguments):
        result = self.run(account, operation, **arguments)
        if result.returncode != 0:
            raise howto.Refused(result.stderr)
        return json.loads(result.stdout) if result.stdout.strip() else {}


# MARK: api

@pytest.fixture(scope="module")
def two(binary, tmp_path_factory):
    members = [(RETAILER, "Acme Retail"), (PARTNER, "AdTech Partner")]
    with room.Room(binary, tmp_path_factory.mktemp("cli"), members=members) as made:
        made.prepare().start()
        made.call = ProgramCaller(made)
        made.ids = howto.set_up(made.call)
        yield made


def test_the_howto_through_the_program_alone(two):
    query = howto.start_query(two.call, two.ids)
    while True:
        ended = two.call(RETAILER, "get-protected-query", membershipIdentifier=two.ids["retail_membership"],
                         protectedQueryIdentifier=query)["protectedQuery"]
        if ended["status"] not in ("SUBMITTED", "STARTED"):
            break
    assert ended["status"] == "SUCCESS", ended
    rows = room.read_csv(two.result_path(ended["result"]["output"]["s3"]["location"]))
    assert len(rows) > 10 and all(int(row[3]) >= 25 for row in rows[1:])
    listed = two.call(RETAILER, "ListProtectedQueries", membershipIdentifier=two.ids["retail_membership"])
    assert [summary["id"] for summary in listed["protectedQueries"]] == [query]


def test_a_refusal_reads_like_the_aws_cli_s(two):
    result = two.call.run(RETAILER, "start-protected-query", type="SQL",
                          membershipIdentifier=two.ids["retail_membership"],
                          sqlParameters={"queryString": howto.REFUSED_SQL}, resultConfiguration=howto.output("x/"))
    assert result.returncode == 1 and result.stdout == ""
    assert result.stderr.startswith(
        "An error occurred (ValidationException) when calling the StartProtectedQuery operation: ")


def test_lists_are_followed_to_their_end(two):
    for number in range(3):
        two.call(RETAILER, "CreateCollaboration", **{**howto.collaboration(), "name": f"extra-{number}"})
    everything = two.call(RETAILER, "list-collaborations")["collaborationList"]
    assert len(everything) >= 4 and len({entry["id"] for entry in everything}) == len(everything)
    page = two.call(RETAILER, "list-collaborations", maxResults=1)
    assert len(page["collaborationList"]) == 1 and page["nextToken"]
    some = two.call.run(RETAILER, "list-collaborations", "--max-items", "2")
    assert len(json.loads(some.stdout)["collaborationList"]) == 2


def test_inputs_from_files_and_standard_input(two, tmp_path):
    (tmp_path / "input.json").write_text(json.dumps({"collaborationIdentifier": two.ids["collaboration"]}))
    arguments = ["api", "get-collaboration", "--profile", two.profile(PARTNER), "--cli-input-json"]
    environment = two.aws_environment()
    from_file = cleanroom(two.binary, *arguments, f"file://{tmp_path}/input.json", environment=environment)
    piped = cleanroom(two.binary, *arguments, "-", environment=environment, text=(tmp_path / "input.json").read_text())
    assert json.loads(from_file.stdout) == json.loads(piped.stdout)
    assert json.loads(piped.stdout)["collaboration"]["id"] == two.ids["collaboration"]


def test_keys_of_the_environment_win_unless_a_profile_is_named(two):
    environment = {**two.aws_environment(), "AWS_PROFILE": two.profile(RETAILER),
                   "AWS_ACCESS_KEY_ID": "AKIDNOBODY", "AWS_SECRET_ACCESS_KEY": "secret"}
    result = cleanroom(two.binary, "api", "list-collaborations", environment=environment)
    assert result.returncode == 1 and "UnrecognizedClientException" in result.stderr
    named = cleanroom(two.binary, "api", "list-collaborations", "--profile", two.profile(RETAILER),
                      environment=environment)
    assert named.returncode == 0, named.stderr


def test_another_authority_is_not_believed(two, tmp_path):
    subprocess.run([two.binary, "pki", "authority", str(tmp_path / "ca"), "--name", "Mallory"], check=True,
                   capture_output=True)
    result = cleanroom(two.binary, "api", "list-collaborations", "--profile", two.profile(RETAILER), "--ca-bundle",
                       str(tmp_path / "ca" / "authority.pem"), environment=two.aws_environment())
    assert result.returncode == 1 and "SSL validation failed" in result.stderr


@pytest.mark.parametrize("arguments, code, words", [
    (["no-such-operation"], 64, "is not an operation"),
    (["get-collaboration", "--profile", "acme-retail", "--cli-input-json", "{}"], 64, "needs collaborationIdentifier"),
    (["list-collaborations", "--profile", "acme-retail", "--cli-input-json", '{"typo": 1}'], 64, "no member typo"),
    (["list-collaborations", "--profile", "acme-retail", "--cli-input-json", "{"], 64, "not valid JSON"),
    (["list-collaborations", "--profile", "nobody"], 78, "has no profile nobody"),
    (["list-collaborations", "--profile", "acme-retail", "--endpoint-url", "http://localhost:1"], 78, "https://"),
    (["list-collaborations", "--profile", "acme-retail", "--endpoint-url", "https://localhost:1"], 1,
     "cannot be reached"),
])
def test_wrong_usage_says_what_to_do(two, arguments, code, words):
    result = cleanroom(two.binary, "api", *arguments, environment=two.aws_environment())
    assert result.returncode == code and words in result.stderr, result.stderr


def test_operations_are_listed_with_their_inputs(binary, aws):
    names = cleanroom(binary, "api", "--list").stdout.split()
    assert len(names) == 103 and "create-collaboration" in names and "populate-id-mapping-table" in names
    ours = json.loads(cleanroom(binary, "api", "start-protected-query", "--skeleton").stdout)
    theirs = subprocess.run([aws, "cleanrooms", "start-protected-query", "--generate-cli-skeleton"],
                            capture_output=True, text=True, check=True)
    assert set(ours) == set(json.loads(theirs.stdout))


# MARK: explain

def explain(made, sql, *more, account=RETAILER):
    return cleanroom(made.binary, "explain", "--config", made.path(account, "member.yaml"), "--collaboration",
                     made.ids["collaboration"], *more, sql)


def test_explain_shows_what_would_leave(two):
    ledger = lambda: cleanroom(two.binary, "ledger", "show", "--config", two.path(RETAILER, "member.yaml")).stdout
    before = ledger()
    text = explain(two, howto.SQL)
    assert text.returncode == 0 and text.stdout.startswith("PERMITTED\n"), text.stderr
    for words in ("987654321098 (AdTech Partner) from ad_impressions:", "hashed_email: a keyed token",
                  "at least 25 distinct values of purchases.hashed_email", "ad_impressions of 987654321098",
                  "MIXED_RULE_TYPES", "matched_customers: bigint"):
        assert words in text.stdout, text.stdout
    plan = json.loads(explain(two, howto.SQL, "--json").stdout)
    released = {release["table"]: {column["name"]: column["as"] for column in release["columns"]}
                for release in plan["releases"]}
    assert released["ad_impressions"] == {"hashed_email": "TOKEN", "campaign_name": "VALUE"}
    assert released["purchases"]["hashed_email"] == "TOKEN" and "purchase_date" not in released["purchases"]
    assert ledger() == before, "explaining released something"


def test_explain_gives_every_reason_with_its_place(two):
    sql = howto.REFUSED_SQL.replace(" FROM", "\nFROM")
    text = explain(two, sql)
    assert text.returncode == 2 and text.stdout.startswith("REFUSED\n")
    found = re.findall(r"^line (\d+), column (\d+): .*\n  (.*)\n  ( *)\^", text.stdout, re.M)
    assert len(found) >= 3
    for line, column, shown, blanks in found:
        original = sql.split("\n")[int(line) - 1]
        assert original[int(column) - 1:][:8] == shown[len(blanks):][:8]
    reasons = json.loads(explain(two, sql, "--json").stdout)["reasons"]
    assert len(reasons) == len(found)
    with pytest.raises(howto.Refused) as refusal:
        two.call(RETAILER, "StartProtectedQuery", type="SQL", membershipIdentifier=two.ids["retail_membership"],
                 sqlParameters={"queryString": sql}, resultConfiguration=howto.output("x/"))
    assert all(reason["message"] in str(refusal.value) for reason in reasons)


def test_explain_follows_a_changed_rule_at_once(two):
    rule = json.loads(json.dumps(howto.LIST_RULE))
    rule["v1"]["list"]["listColumns"].remove("campaign_name")
    change = lambda policy: two.call(
        PARTNER, "UpdateConfiguredTableAnalysisRule", configuredTableIdentifier=two.ids["impressions"],
        analysisRuleType="LIST", analysisRulePolicy=policy)
    change(rule)
    try:
        refused = explain(two, howto.SQL)
        assert refused.returncode == 2 and "campaign_name" in refused.stdout
    finally:
        change(howto.LIST_RULE)
    assert explain(two, howto.SQL).returncode == 0


def test_explain_a_template(two):
    made = two.call(RETAILER, "CreateAnalysisTemplate", membershipIdentifier=two.ids["retail_membership"], name="monthly",
                    format="SQL", source={"text": howto.SQL.replace("= 12", "= :month")},
                    analysisParameters=[{"name": "month", "type": "INTEGER", "defaultValue": "12"}])["analysisTemplate"]
    ask = lambda *more: cleanroom(
        two.binary, "explain", "--config", two.path(RETAILER, "member.yaml"), "--collaboration",
        two.ids["collaboration"], *more)
    answer = ask("--template", made["arn"], "--parameter", "month=11", "--json")
    verdict = json.loads(answer.stdout)
    assert answer.returncode == (0 if verdict["verdict"] == "PERMITTED" else 2)
    try:
        two.call(RETAILER, "StartProtectedQuery", type="SQL", membershipIdentifier=two.ids["retail_membership"],
                 sqlParameters={"analysisTemplateArn": made["arn"], "parameters": {"month": "11"}},
                 resultConfiguration=howto.output("x/"))
        assert verdict["verdict"] == "PERMITTED"
    except howto.Refused as refusal:
        assert verdict["verdict"] == "REFUSED" and all(
            reason["message"] in str(refusal) for reason in verdict["reasons"])
    unknown = ask("--template", made["arn"], "--parameter", "year=11")
    assert unknown.returncode == 1 and "no parameter year. It has: month" in unknown.stderr
    absent = ask("--template", made["arn"][:-4] + "0000")
    assert absent.returncode == 1 and "no analysis template" in absent.stderr
    assert ask("--template", made["arn"], "SELECT 1").returncode == 64


def test_explain_says_when_it_cannot_answer(two):
    other = cleanroom(two.binary, "explain", "--config", two.path(RETAILER, "member.yaml"), "--collaboration",
                      "00000000-0000-4000-8000-000000000000", "SELECT 1")
    assert other.returncode == 1 and "no membership" in other.stderr
    assert explain(two, "SELECT 1", "--receiver", "12").returncode == 64
    stranger = explain(two, howto.SQL, "--receiver", "111122223333")
    assert stranger.returncode == 2 and "CAN_RECEIVE_RESULTS" in stranger.stdout


# MARK: hash

def sha(text):
    return hashlib.sha256(text.encode()).hexdigest()


def test_hash_lines(binary):
    result = cleanroom(binary, "hash", "--normalize", "email", text=" Ann@Example.COM\r\n\nbob@example.com", raw=False)
    assert result.returncode == 0
    assert result.stdout.split("\n") == [sha("ann@example.com"), "", sha("bob@example.com"), ""]
    phone = cleanroom(binary, "hash", "--normalize", "phone", text="+47 (22) 33-44\n")
    assert phone.stdout.strip() == sha("+47223344")
    assert cleanroom(binary, "hash", "--normalize", "sha256-hex", text="x").returncode == 64


def test_hash_streams(binary):
    """Many times the size of a read, cut anywhere."""
    names = [f"User{number}@Example.com" for number in range(20_000)]
    lines = cleanroom(binary, "hash", "--normalize", "lowercase", text="\n".join(names) + "\n")
    expected = [sha(name.lower()) for name in names]
    assert lines.stdout.split("\n")[:-1] == expected
    table = "\ufeffmail,n\r\n" + "".join(f'"{name}",{number}\r\n' for number, name in enumerate(names))
    hashed = cleanroom(binary, "hash", "--normalize", "lowercase", "--column", "mail", text=table.encode(), raw=True)
    assert hashed.stdout.decode().split("\n")[1:-1] == [f"{value},{number}" for number, value in enumerate(expected)]


def test_hash_names_bad_lines_and_prints_none(binary):
    result = cleanroom(binary, "hash", "--normalize", "none", text=b"good\nse\xffcret\n", raw=True)
    assert result.returncode == 1
    assert result.stdout.decode() == sha("good") + "\n\n"
    assert b"line 2 " in result.stderr and b"cret" not in result.stderr


def test_hash_a_column(binary):
    table = 'id,E-mail,note\n1, A@b.com ,"a,""b""\nc"\n2,"x@y.z",\n3,,last\n4,short\n5,ok@ok.ok,"open'
    result = cleanroom(binary, "hash", "--normalize", "email", "--column", "e-mail", text=table)
    assert result.returncode == 1
    assert result.stdout == (f'id,E-mail,note\n1,{sha("a@b.com")},"a,""b""\nc"\n2,{sha("x@y.z")},\n3,,last\n')
    assert "line 6 has 2 fields instead of 3" in result.stderr and "line 7 " in result.stderr
    assert "short" not in result.stderr and "ok@ok" not in result.stderr
    missing = cleanroom(binary, "hash", "--normalize", "email", "--column", "mail", text=table)
    assert missing.returncode == 1 and "no column mail" in missing.stderr


def test_hash_makes_the_keys_that_others_made(two):
    """The partner's file has plain addresses, written in several ways; the retailer's was hashed elsewhere."""
    with open(two.path(PARTNER, "data/impressions.csv"), newline="") as file:
        result = cleanroom(two.binary, "hash", "--normalize", "email", "--column", "user_email", text=file.read())
    assert result.returncode == 0, result.stderr
    ours = {row["user_email"] for row in csv.DictReader(io.StringIO(result.stdout))} - {""}
    with open(two.path(RETAILER, "data/purchases.csv"), newline="") as file:
        theirs = {row["hashed_email"].lower() for row in csv.DictReader(file)}
    assert len(ours & theirs) > len(ours) / 10


# MARK: doctor

def doctor(binary, config):
    result = cleanroom(binary, "doctor", "--config", config)
    lines = [line.split(None, 2) for line in result.stdout.splitlines()]
    return result, {(status, subject) for status, subject, _ in lines}


def test_doctor_finds_nothing_wrong_with_running_daemons(two):
    for config in (two.path(RETAILER, "member.yaml"), os.path.join(two.folder, "coordinator", "coordinator.yaml")):
        result, findings = doctor(two.binary, config)
        assert result.returncode == 0 and "FAIL" not in result.stdout, result.stdout
        assert {("ok", "keys"), ("ok", "certificate"), ("ok", "engine"), ("ok", "clock"), ("ok", "state")} <= findings
        assert "served by the running daemon" in result.stdout
    result, findings = doctor(two.binary, two.path(RETAILER, "member.yaml"))
    assert {("ok", "coordinator"), ("ok", "clocks"), ("ok", "source"), ("ok", "results"),
            ("ok", "credentials")} <= findings
    assert two.daemon(RETAILER).is_running
    two.call(RETAILER, "list-schemas", collaborationIdentifier=two.ids["collaboration"])


def test_doctor_names_what_is_wrong(binary, tmp_path):
    made = room.Room(binary, tmp_path, scale=0.01, members=[(RETAILER, "Acme Retail"), (PARTNER, "AdTech Partner")])
    made.prepare()
    config = made.path(RETAILER, "member.yaml")
    result, findings = doctor(binary, config)
    assert result.returncode == 1 and ("FAIL", "coordinator") in findings, result.stdout
    os.remove(made.path(RETAILER, "data/purchases.csv"))
    os.chmod(made.path(RETAILER, "credentials"), 0o644)
    os.rmdir(made.path(RETAILER, "results"))
    result, findings = doctor(binary, config)
    assert {("FAIL", "source"), ("FAIL", "credentials"), ("warn", "results")} <= findings, result.stdout
    os.chmod(made.path(RETAILER, "identity.key"), 0o644)
    result, findings = doctor(binary, config)
    assert ("FAIL", "identity") in findings and "chmod 600" in result.stdout
    assert cleanroom(binary, "doctor", "--config", str(tmp_path / "none.yaml")).returncode == 78


@pytest.mark.parametrize("skew, expected", [(900, "FAIL"), (60, "warn"), (-60, "warn"), (2, "ok")])
def test_doctor_compares_clocks(two, skew, expected):
    """The coordinator's clock goes wrong: the member's doctor says which way, and what to do."""
    coordinator = two.daemon("coordinator")
    coordinator.stop()
    coordinator.environment = {"CLEANROOM_CLOCK_SKEW": str(skew)}
    try:
        coordinator.start()
        result, findings = doctor(two.binary, two.path(RETAILER, "member.yaml"))
    finally:
        coordinator.stop()
        coordinator.environment = {}
        coordinator.start()
    assert {("ok", "coordinator"), (expected, "clocks")} <= findings, result.stdout
    assert result.returncode == (1 if expected == "FAIL" else 0)
    if expected != "ok":
        assert f"{'behind' if skew > 0 else 'ahead of'} the coordinator's" in result.stdout
        assert "Set the wrong one" in result.stdout


# MARK: with something down

def test_explain_needs_the_coordinator_but_not_the_daemon(two):
    two.daemon(RETAILER).stop()
    assert explain(two, howto.SQL).returncode == 0
    result, findings = doctor(two.binary, two.path(RETAILER, "member.yaml"))
    assert result.returncode == 0 and "the daemon does not run" in result.stdout
    two.daemon("coordinator").stop()
    unanswered = explain(two, howto.SQL)
    assert unanswered.returncode == 1 and "cleanroom doctor" in unanswered.stderr and unanswered.stdout == ""
