"""Bad input gets a clear answer: who, what, where, and what to do now."""
import datetime
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import time

import pytest

import howto
from client import APIError
from howto import PARTNER, RETAILER
from room import Room
from test_results import P_A

GOOD = f"SELECT p.store_region, COUNT(DISTINCT p.hashed_email) FROM {P_A} GROUP BY p.store_region"


@pytest.fixture(scope="module")
def made(binary, tmp_path_factory):
    """A consortium on disk; nothing runs."""
    return Room(binary, tmp_path_factory.mktemp("made"), scale=0.01).prepare()


@pytest.fixture
def copy(made, tmp_path):
    """A copy of it that a test may damage."""
    target = tmp_path / "copy"
    shutil.copytree(made.folder, target)
    return target


def start(binary, command, config, timeout=10):
    began = time.monotonic()
    result = subprocess.run([binary, command, "--config", str(config)], capture_output=True, text=True, timeout=timeout)
    assert time.monotonic() - began < 10
    return result


def refused_start(binary, copy, code, *words, member=RETAILER):
    config = copy / "members" / member / "member.yaml"
    result = start(binary, "member", config)
    assert result.returncode == code, result.stderr
    assert result.stdout == ""
    for word in words:
        assert word in result.stderr, result.stderr
    assert all(json.loads(line) for line in result.stderr.splitlines())


def edit(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


# --- The program


def test_usage(binary, tmp_path):
    def run(*arguments):
        return subprocess.run([binary, *arguments], capture_output=True, text=True)
    assert run("--version").stdout.strip()
    assert run("--help").returncode == 0 and run("ledger", "--help").returncode == 0
    for arguments in (["nonsense"], ["init"], ["init", str(tmp_path / "x"), "--member", "123:Short"],
                      ["init", str(tmp_path / "x"), "--member", f"{RETAILER}:A", "--member", f"{RETAILER}:B"],
                      ["coordinator"], ["member", "--config"]):
        result = run(*arguments)
        assert result.returncode == 64 and result.stderr, arguments
    assert not (tmp_path / "x").exists()


def test_init_never_overwrites(binary, made):
    before = open(os.path.join(made.folder, "ca", "authority.key")).read()
    result = subprocess.run([binary, "init", made.folder, "--member", f"{RETAILER}:Acme"], capture_output=True, text=True)
    assert result.returncode == 1 and "exists already" in result.stderr
    assert open(os.path.join(made.folder, "ca", "authority.key")).read() == before


def test_init_keeps_keys_private(made):
    for name in ("ca/authority.key", "coordinator/identity.key", f"members/{RETAILER}/identity.key",
                 f"members/{RETAILER}/credentials", "aws/credentials"):
        assert os.stat(os.path.join(made.folder, name)).st_mode & 0o777 == 0o600, name


# --- Configuration files


def test_missing_configuration(binary, tmp_path):
    for command in ("coordinator", "member"):
        result = start(binary, command, tmp_path / "none.yaml")
        assert result.returncode == 78 and "none.yaml" in result.stderr


@pytest.mark.parametrize("old, new, words", [
    ("region: us-east-1", "region: [us-east-1", ["member.yaml", "YAML"]),
    ("region: us-east-1", "region: us-east-1\nregoin: x", ["regoin", "not a known key"]),
    ("region: us-east-1", "region: us-east-1\nregion: us-east-1", ["member.yaml", "twice"]),
    ("region: us-east-1", "regoin: us-east-1", ["region", "missing", "regoin"]),
    ("mode: extended", "mode: lenient", ["api.mode", "extended", "strict"]),
    ('account: "123456789012"', 'account: "12345"', ["account", "12"]),
    ('account: "123456789012"', "", ["account", "missing"]),
    ("coordinator: localhost:", "coordinator: localhost/", ["coordinator", "HOST:PORT"]),
    ("  retail_analytics:\n    purchases:", "  retail_analytics:\n    purchases: 5\n    other:", ["purchases"]),
    ("source: {csv:", "source: {cvs:", ["cvs"]),
    ('type: "decimal(12,2)"', "type: money", ["purchase_amount.type", "not a known column type"]),
])
def test_wrong_configuration(binary, copy, old, new, words):
    edit(copy / "members" / RETAILER / "member.yaml", old, new)
    refused_start(binary, copy, 78, *words)


def test_wrong_coordinator_configuration(binary, copy):
    edit(copy / "coordinator" / "coordinator.yaml", "queryMemory: 2GiB", "queryMemory: lots")
    result = start(binary, "coordinator", copy / "coordinator" / "coordinator.yaml")
    assert result.returncode == 78 and "limits.queryMemory" in result.stderr


# --- Keys, certificates, credentials


@pytest.mark.parametrize("name", ["identity.key", "credentials"])
def test_secrets_readable_by_others(binary, copy, name):
    os.chmod(copy / "members" / RETAILER / name, 0o644)
    refused_start(binary, copy, 78, name, "chmod 600")


@pytest.mark.parametrize("name", ["identity.key", "identity.pem", "credentials"])
@pytest.mark.parametrize("damage", ["missing", "empty", "garbage", "fifo"])
def test_damaged_files(binary, copy, name, damage):
    path = copy / "members" / RETAILER / name
    path.unlink()
    if damage == "empty":
        path.touch(0o600)
    elif damage == "garbage":
        path.write_text("\x00garbage")
        os.chmod(path, 0o600)
    elif damage == "fifo":
        os.mkfifo(path, 0o600)
    refused_start(binary, copy, 78, name)


def test_mismatched_key(binary, copy):
    shutil.copy(copy / "members" / PARTNER / "identity.key", copy / "members" / RETAILER / "identity.key")
    refused_start(binary, copy, 78, "identity.pem", "does not belong")


def test_someone_elses_identity(binary, copy):
    for name in ("identity.key", "identity.pem"):
        shutil.copy(copy / "members" / PARTNER / name, copy / "members" / RETAILER / name)
    refused_start(binary, copy, 78, PARTNER)


def test_coordinators_identity_for_a_member(binary, copy):
    for name in ("identity.key", "identity.pem"):
        shutil.copy(copy / "coordinator" / name, copy / "members" / RETAILER / name)
    refused_start(binary, copy, 78, "coordinator")


def test_foreign_authority(binary, copy, tmp_path):
    subprocess.run([binary, "init", str(tmp_path / "other"), "--member", f"{RETAILER}:Acme"], check=True,
                   stdout=subprocess.DEVNULL)
    for name in ("identity.key", "identity.pem"):
        shutil.copy(tmp_path / "other" / "members" / RETAILER / name, copy / "members" / RETAILER / name)
    refused_start(binary, copy, 78, "identity.pem", "authority")


def test_second_daemon_on_the_same_state(small_room):
    result = start(small_room.binary, "member", small_room.path(RETAILER, "member.yaml"))
    assert result.returncode == 75 and "in use" in result.stderr


def test_missing_engine(binary, copy):
    result = subprocess.run([binary, "member", "--config", str(copy / "members" / RETAILER / "member.yaml")],
                            capture_output=True, text=True, timeout=10,
                            env={**os.environ, "CLEANROOM_DUCKDB": "/nonexistent/libduckdb.so"})
    assert result.returncode == 1 and "Scripts/setup" in result.stderr


# --- The link


def context(room, account=None, version=None):
    result = ssl.create_default_context(cafile=os.path.join(room.folder, "ca", "authority.pem"))
    result.check_hostname = False
    if version:
        result.maximum_version = version
    if account:
        folder = os.path.join(room.folder, "coordinator") if account == "coordinator" else room.path(account)
        result.load_cert_chain(os.path.join(folder, "identity.pem"), os.path.join(folder, "identity.key"))
    return result


def spoken_to(room, tls, hello):
    """What the coordinator answers on a new connection; empty when it hangs up."""
    with socket.create_connection(("127.0.0.1", room.base_port), timeout=15) as raw:
        try:
            with tls.wrap_socket(raw) as link:
                link.sendall(hello)
                return link.recv(64)
        except (ssl.SSLError, ConnectionError):
            return b""


HELLO = bytes([5, 0, 0, 0, 1, 0x08, 1, 0x10, 1])


def test_the_coordinator_takes_members_only(small_room):
    assert spoken_to(small_room, context(small_room), HELLO) == b""
    assert spoken_to(small_room, context(small_room, "coordinator"), HELLO) == b""
    assert spoken_to(small_room, context(small_room, RETAILER, ssl.TLSVersion.TLSv1_2), HELLO) == b""
    # A second live connection of a connected account is told so.
    answer = spoken_to(small_room, context(small_room, RETAILER), HELLO)
    assert answer[4] == 7 and b"already connected" in answer
    small_room.daemon(RETAILER).stop()
    assert spoken_to(small_room, context(small_room, RETAILER), HELLO)[4] == 2


def test_silent_and_garbage_peers_are_dropped(small_room):
    small_room.daemon(RETAILER).stop()
    began = time.monotonic()
    assert spoken_to(small_room, context(small_room, RETAILER), b"") == b""
    assert time.monotonic() - began < 30
    with socket.create_connection(("127.0.0.1", small_room.base_port), timeout=30) as raw:
        raw.sendall(b"GET / HTTP/1.1\r\n\r\n")
        # At most a TLS alert, then nothing more.
        assert len(raw.recv(4096)) <= 7 and raw.recv(4096) == b""
    assert small_room.daemon("coordinator").is_running
    huge = b"\xff\xff\xff\x7f\x01"
    assert spoken_to(small_room, context(small_room, RETAILER), huge) == b""
    assert small_room.daemon("coordinator").is_running


def test_a_revoked_member_is_kept_out(binary, tmp_path):
    """A certificate on the authority's revocation list opens nothing, for the member itself and at the coordinator."""
    with Room(binary, tmp_path / "room", scale=0.001) as room:
        room.prepare()
        revoke(room, PARTNER)
        room.daemon("coordinator").start()
        assert spoken_to(room, context(room, PARTNER), HELLO) == b""
        assert spoken_to(room, context(room, RETAILER), HELLO)[4] == 2
        result = start(binary, "member", room.path(PARTNER, "member.yaml"))
        assert result.returncode == 78 and "revoked" in result.stderr


def revoke(room, account):
    """With OpenSSL, as any authority would."""
    folder = os.path.join(room.folder, "ca")
    serial = subprocess.run(["openssl", "x509", "-in", room.path(account, "identity.pem"), "-noout", "-serial"],
                            capture_output=True, text=True, check=True).stdout.strip().split("=")[1]
    with open(os.path.join(folder, "index.txt"), "w") as file:
        file.write(f"R\t350101000000Z\t250101000000Z\t{serial}\tunknown\t/CN=x\n")
    with open(os.path.join(folder, "crl.cnf"), "w") as file:
        file.write(f"[ca]\ndefault_ca=d\n[d]\ndatabase={folder}/index.txt\ndefault_md=sha256\ndefault_crl_days=30\n")
    subprocess.run(["openssl", "ca", "-gencrl", "-config", "crl.cnf", "-keyfile", "authority.key", "-cert",
                    "authority.pem", "-out", "revoked.pem"], cwd=folder, check=True, capture_output=True)


# --- Signatures


def test_signatures(shared_room):
    client = shared_room.clients[RETAILER]
    path = "/collaborations"

    def answer(**options):
        status, headers, body = client.send("GET", path, **options)
        return status, headers.get("x-amzn-ErrorType"), json.loads(body)

    assert answer()[0] == 200
    now = datetime.datetime.now(datetime.timezone.utc)
    for minutes in (-6, 6):
        status, kind, body = answer(now=now + datetime.timedelta(minutes=minutes))
        assert status == 403 and kind == "InvalidSignatureException" and "5 minutes" in body["message"]
    for minutes in (-4, 4):
        assert answer(now=now + datetime.timedelta(minutes=minutes))[0] == 200

    def drop(name):
        return lambda headers: headers.pop(name)

    def alter(name, old, new):
        return lambda headers: headers.__setitem__(name, headers[name].replace(old, new))

    assert answer(change=drop("Authorization"))[:2] == (403, "MissingAuthenticationTokenException")
    assert answer(change=drop("X-Amz-Date"))[0] in (400, 403)
    assert answer(change=alter("Authorization", "AKCR", "AKCX"))[:2] == (403, "UnrecognizedClientException")
    flipped = lambda headers: headers.__setitem__(
        "Authorization", headers["Authorization"][:-1] + ("0" if headers["Authorization"][-1] != "0" else "1"))
    assert answer(change=flipped)[:2] == (403, "InvalidSignatureException")
    assert answer(target="/collaborations?memberStatus=ACTIVE")[0] == 403
    other = shared_room.clients[PARTNER]
    client_of_partner = type(client)(f"https://localhost:{client.port}", None, other.access_key, other.secret, "us-east-1")
    client_of_partner.context = client.context
    assert client_of_partner.send("GET", path)[0] == 403


def test_unsigned_requests_learn_nothing(shared_room):
    client = shared_room.clients[RETAILER]
    bodies = set()
    for path in ("/collaborations", "/nonsense", "/memberships/" + shared_room.ids["retail_membership"]):
        status, _, body = client.send("GET", path, change=lambda headers: headers.pop("Authorization"))
        bodies.add((status, body))
    assert len(bodies) == 1


# --- Bodies


def test_bodies(shared_room):
    client = shared_room.clients[RETAILER]

    def answer(body):
        status, headers, text = client.send("POST", "/configuredTables", body=body)
        return status, headers.get("x-amzn-ErrorType"), json.loads(text)

    for body in (b"[]", b"{", b'{"name": "a", "name": "b"}', b"\xff\xfe{}", b"[" * 500, b'"text"'):
        status, kind, document = answer(body)
        assert (status, kind, document["reason"]) == (400, "ValidationException", "FIELD_VALIDATION_FAILED"), body[:20]
    status, kind, document = answer(json.dumps({"name": 5, "tableReference": {}, "allowedColumns": "x",
                                                "analysisMethod": "GUESS"}).encode())
    assert {field["name"] for field in document["fieldList"]} >= {
        "name", "tableReference", "allowedColumns", "analysisMethod"}
    assert client.send("POST", "/configuredTables", body=b" " * (9 << 20))[0] == 413


def test_unknown_and_foreign_identifiers_answer_alike(shared_room):
    client = shared_room.clients[RETAILER]
    answers = set()
    for identifier in (shared_room.ids["partner_membership"], "00000000-0000-4000-8000-000000000000"):
        with pytest.raises(APIError) as error:
            client.call("GetMembership", membershipIdentifier=identifier)
        answers.add((error.value.kind, error.value.status, json.dumps(error.value.body).replace(identifier, "ID")))
        with pytest.raises(APIError) as error:
            client.call("CreateConfiguredTableAssociation", membershipIdentifier=identifier, name="x",
                        configuredTableIdentifier=shared_room.ids["purchases"], roleArn=howto.role(RETAILER, "LongEnoughRole"))
        answers.add((error.value.kind, error.value.status, json.dumps(error.value.body).replace(identifier, "ID")))
    assert len(answers) == 1 and list(answers)[0][1] == 404
    with pytest.raises(APIError) as error:
        client.call("GetMembership", membershipIdentifier="mem-retailer789-is-not-an-identifier")
    assert error.value.body["fieldList"][0]["name"] == "membershipIdentifier"


# --- Collaborations and tables


def test_collaboration_input(shared_room):
    client = shared_room.clients[RETAILER]

    def refused(change):
        document = howto.collaboration()
        change(document)
        with pytest.raises(APIError) as error:
            client.call("CreateCollaboration", **document)
        return error.value

    member = {"accountId": PARTNER, "memberAbilities": [], "displayName": "Twice"}
    assert "members[1].accountId" in str(refused(lambda d: d["members"].append(member)).body["fieldList"])
    assert "members[0].accountId" in str(refused(lambda d: d["members"][0].update(accountId="77")).body["fieldList"])
    assert "members[1].accountId" in str(
        refused(lambda d: d["members"].append({**member, "accountId": RETAILER})).body["fieldList"])
    fault = refused(lambda d: d["members"][0]["memberAbilities"].append("CAN_FLY"))
    assert fault.body["fieldList"][0]["name"] == "members[0].memberAbilities[2]"


def test_table_input(shared_room):
    client = shared_room.clients[RETAILER]

    def refused(operation="CreateConfiguredTable", **change):
        document = {"name": "t", "tableReference": {"glue": {"databaseName": "retail_analytics", "tableName": "purchases"}},
                    "allowedColumns": ["store_region"], "analysisMethod": "DIRECT_QUERY", **change}
        with pytest.raises(APIError) as error:
            client.call(operation, **document)
        assert error.value.status == 400
        return str(error.value.body)

    assert "nothing" in refused(tableReference={"glue": {"databaseName": "retail_analytics", "tableName": "nothing"}})
    assert "shoe_size" in refused(allowedColumns=["store_region", "shoe_size"])


def test_rule_input(small_room):
    client = small_room.clients[RETAILER]
    table = client.call("CreateConfiguredTable", name="t", allowedColumns=["hashed_email", "store_region"],
                        tableReference={"glue": {"databaseName": "retail_analytics", "tableName": "purchases"}},
                        analysisMethod="DIRECT_QUERY")["configuredTable"]["id"]

    def refused(kind, policy):
        with pytest.raises(APIError) as error:
            client.call("CreateConfiguredTableAnalysisRule", configuredTableIdentifier=table, analysisRuleType=kind,
                        analysisRulePolicy=policy)
        assert error.value.status == 400, error.value
        return str(error.value.body)

    rule = json.loads(json.dumps(howto.AGGREGATION_RULE))
    text = refused("AGGREGATION", rule)
    assert "purchase_amount" in text and "product_category" in text
    assert refused("LIST", rule)
    assert refused("LIST", {"v1": {"list": {"joinColumns": ["hashed_email"], "listColumns": ["hashed_email"]}}})
    small = {"aggregateColumns": [{"columnNames": ["hashed_email"], "function": "COUNT_DISTINCT"}],
             "joinColumns": ["hashed_email"], "dimensionColumns": ["hashed_email"], "scalarFunctions": [],
             "outputConstraints": [{"columnName": "hashed_email", "minimum": 1, "type": "COUNT_DISTINCT"}]}
    assert "outputConstraints[0].minimum" in refused("AGGREGATION", {"v1": {"aggregation": small}})
    small["outputConstraints"][0]["minimum"] = 2
    assert "hashed_email" in refused("AGGREGATION", {"v1": {"aggregation": small}})
    small["dimensionColumns"] = ["store_region"]
    client.call("CreateConfiguredTableAnalysisRule", configuredTableIdentifier=table, analysisRuleType="AGGREGATION",
                analysisRulePolicy={"v1": {"aggregation": small}})
    with pytest.raises(APIError) as error:
        client.call("CreateConfiguredTableAnalysisRule", configuredTableIdentifier=table,
                    analysisRuleType="AGGREGATION", analysisRulePolicy={"v1": {"aggregation": small}})
    assert (error.value.status, error.value.body["reason"]) == (409, "ALREADY_EXISTS")
    with pytest.raises(APIError) as error:
        client.call("CreateConfiguredTableAssociation", configuredTableIdentifier=table, name="ad_impressions",
                    membershipIdentifier=small_room.membership(RETAILER), roleArn=howto.role(RETAILER, "LongEnoughRole"))
    assert (error.value.status, error.value.body["reason"]) == (409, "ALREADY_EXISTS")


# --- Queries


@pytest.mark.parametrize("sql, words", [
    ("", ["empty"]),
    ("   -- nothing", ["empty"]),
    ("SELECT", ["line 1"]),
    ("DROP TABLE purchases", ["DROP"]),
    (GOOD + "; SELECT 1", ["only one"]),
    ("SELECT " + "(" * 5000 + "1" + ")" * 5000, ["deep"]),
    ("SELECT 'x", ["not closed"]),
    (GOOD.replace("purchases", "sales"), ["sales", "not associated"]),
    ("SELECT COUNT(DISTINCT p.hashed_email) FROM purchases p", ["Inner join to query runner table required for table purchases"]),
    (GOOD.replace("SELECT p.store_region", "SELECT p.hashed_email").replace("BY p.store_region", "BY p.hashed_email"),
     ["Column(s) [hashed_email] is not allowed in select"]),
    (f"SELECT * FROM {P_A}", ["*"]),
    (howto.REFUSED_SQL, ["LEFT", "email", "device_id", "COUNT", "line 1"]),
    (GOOD.replace("COUNT(DISTINCT p.hashed_email)", "SUM(p.purchase_amount * 2)"), ["SUM"]),
    (GOOD.replace("COUNT(DISTINCT p.hashed_email)", "MAX(p.purchase_amount)"), ["MAX"]),
    (GOOD.replace("p.store_region", "UPPER(p.store_region)"), ["UPPER"]),
    (GOOD + " UNION ALL " + GOOD, ["UNION"]),
    (GOOD.replace("ON p.hashed_email = ai.hashed_email", "ON p.hashed_email = ai.campaign_name"), ["campaign_name"]),
    (GOOD.replace("ON p.hashed_email = ai.hashed_email", "ON 1 = 1"), ["ON"]),
    (GOOD.replace(" GROUP BY", " WHERE p.hashed_email = 'x' GROUP BY"), ["hashed_email"]),
    (GOOD.replace(" GROUP BY", " WHERE p.purchase_amount / 0 > 1 GROUP BY"), ["purchase_amount"]),
])
def test_refused_queries(shared_room, sql, words):
    error = shared_room.refusal(sql)
    assert (error.kind, error.status) == ("ValidationException", 400)
    assert error.body["reason"] in ("INVALID_QUERY", "FIELD_VALIDATION_FAILED")
    for word in words:
        assert word in error.body["message"], error.body["message"]


def test_withheld_and_unknown_columns_read_the_same(shared_room):
    messages = set()
    for name in ("email", "customer_id", "shoe_size"):
        sql = f"SELECT p.{name}, COUNT(DISTINCT p.hashed_email) FROM {P_A} WHERE p.{name} = 'x' GROUP BY p.{name}"
        message = shared_room.refusal(sql).body["message"].replace(name, "NAME")
        # Only the name's length moves the columns of later reasons.
        messages.add(re.sub(r"column \d+", "column N", message))
    assert len(messages) == 1, messages


def test_a_refusal_is_the_same_whatever_the_data(shared_room):
    """A refused query reads no row: nothing enters any ledger."""
    sizes = [os.path.getsize(shared_room.path(account, "state/ledger.sqlite")) for account, _ in shared_room.members]
    shared_room.refusal(howto.REFUSED_SQL)
    assert sizes == [
        os.path.getsize(shared_room.path(account, "state/ledger.sqlite")) for account, _ in shared_room.members]


def test_long_queries(shared_room):
    many = ", ".join(f"'{number}'" for number in range(40_000))
    began = time.monotonic()
    error = shared_room.refusal(GOOD.replace(" GROUP BY", f" WHERE p.store_region IN ({many} GROUP BY"))
    assert error.status == 400 and time.monotonic() - began < 20
    error = shared_room.refusal("SELECT " + "x" * 500_001)
    assert error.body["reason"] == "FIELD_VALIDATION_FAILED"


@pytest.mark.parametrize("configuration, word", [
    (howto.output("x/", bucket="somebody-elses-bucket"), "somebody-elses-bucket"),
    (howto.output("../../etc/"), "keyPrefix"),
    (howto.output("a/../../b"), "keyPrefix"),
    ({"outputConfiguration": {"member": {"accountId": "999999999999"}}}, "999999999999"),
    ({"outputConfiguration": {}}, "outputConfiguration"),
])
def test_outputs(shared_room, configuration, word):
    with pytest.raises(APIError) as error:
        shared_room.submit(GOOD, configuration=configuration)
    assert error.value.status == 400 and word in str(error.value.body), error.value.body


# --- Sources


def test_sources_that_cannot_be_read(small_room):
    """The daemon still serves, and every use of the table says exactly what is wrong."""
    path = small_room.path(RETAILER, "data/purchases.csv")
    text = open(path).read()

    def outcome():
        try:
            ended = small_room.run(GOOD.replace("p.store_region, ", "p.store_region, SUM(p.purchase_amount), ", 1))
        except APIError as error:
            return "REFUSED", str(error.body)
        return ended["status"], str(ended.get("error"))

    assert outcome()[0] == "SUCCESS"
    os.rename(path, path + ".gone")
    status, message = outcome()
    assert status in ("FAILED", "REFUSED") and "purchases" in message and "does not exist" in message
    assert path not in message
    lines = text.splitlines(keepends=True)
    cells = lines[5].rstrip("\n").split(",")
    cells[-2] = "twelve"
    with open(path, "w") as file:
        file.writelines(lines[:5] + [",".join(cells) + "\n"] + lines[6:])
    status, message = outcome()
    assert status in ("FAILED", "REFUSED") and "purchases" in message and "twelve" not in message
    # The owner's own people are told where.
    assert any("line 6" in line and "column purchase_amount" in line for line in small_room.daemon(RETAILER).log_lines())
    with open(path, "w") as file:
        file.writelines(lines[:7] + [lines[7].rstrip("\n") + ",more\n"] + lines[8:])
    status, message = outcome()
    assert status in ("FAILED", "REFUSED") and "purchases" in message
    assert any("line 8" in line and "more or fewer fields" in line for line in small_room.daemon(RETAILER).log_lines())
    open(path, "w").close()
    assert "empty" in outcome()[1]
    with open(path, "w") as file:
        file.write(text.replace("store_region", "shop_region", 1))
    status, message = outcome()
    assert status in ("FAILED", "REFUSED") and "purchases" in message
    assert not any("twelve" in line for daemon in small_room.daemons.values() for line in daemon.log_lines())
    with open(path, "w") as file:
        file.write(text)
    assert outcome()[0] == "SUCCESS"


# --- The disk


def test_full_disk(small_room):
    """A result that does not fit fails the query; nothing half-written stays."""
    folder = small_room.path(RETAILER, "results")
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4k", "tmpfs", folder], check=True)
    try:
        subprocess.run(["dd", "if=/dev/zero", f"of={folder}/filler", "bs=1k"], capture_output=True)
        ended = small_room.run(GOOD)
        assert ended["status"] == "FAILED" and "full" in ended["error"]["message"], ended
        assert RETAILER in ended["error"]["message"]
        left = [name for _, _, names in os.walk(folder) for name in names]
        assert left == ["filler"]
    finally:
        subprocess.run(["umount", "-l", folder], check=True)
    assert small_room.run(GOOD)["status"] == "SUCCESS"
