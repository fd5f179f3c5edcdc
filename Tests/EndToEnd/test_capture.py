"""What crosses the sockets is recorded, decrypted and searched; a member daemon that leaks is caught, however it leaks."""
import os
import re
import shutil
import subprocess
import time

import pytest

from capture import SQL, CapturedRoom
from howto import PARTNER, RETAILER

# How the leaking daemon sends cells of a column: the column, and the encoding that the finding names. What would give
# one finding stands in different runs.
RUNS = [
    {"utf8": ("user_email", "UTF-8"), "utf16le": ("user_email", "UTF-16"), "hex": ("user_email", "hexadecimal of UTF-8"),
     "base64-0": ("user_email", "base64 of UTF-8"), "prefix": ("device_id", "first 8 bytes"),
     "digits": ("telephone", "digits of a number"), "int64le": ("telephone", "binary number"),
     "int32le": ("birth_year", "cells in a row"), "joined": ("seat", "cells in a row")},
    {"utf16be": ("user_email", "UTF-16"), "hex-upper": ("user_email", "hexadecimal of UTF-8"),
     "base64-1": ("user_email", "base64 of UTF-8"), "sha256": ("user_email", "SHA-256"),
     "sha256-hex": ("user_email", "hexadecimal of SHA-256"), "sha256-base64": ("user_email", "base64 of SHA-256"),
     "sha256-prefix": ("device_id", "first 8 bytes of the SHA-256"), "int64be": ("telephone", "binary number"),
     "int32be": ("birth_year", "cells in a row"), "lines": ("seat", "cells in a row")},
    # The derived column is the hash of the canonical address, and is to travel as a token only.
    {"canonical-sha256-hex": ("hashed_email", "UTF-8"), "base64-2": ("user_email", "base64 of UTF-8"),
     "canonical": ("user_email", "lower-cased and trimmed"), "double": ("income", "cells in a row")},
    {"base64-url": ("user_email", "base64 of UTF-8")},
]
# Ways by which bytes leave that no search could recognize.
WAYS = {
    "extra-batch": "a batch of ad_impressions that the ledger does not list",
    "extra-column": "bytes that are no batch of the announced columns",
    "larger-message": "a request that is not what its kind says",
    "unknown-message": "a request that is not what its kind says",
    "extra-connection": "a data connection of an unknown kind",
}


def program(binary, name):
    path = os.path.join(os.path.dirname(binary), name)
    if not os.access(path, os.X_OK):
        path = os.path.join(os.path.dirname(__file__), "..", "..", ".build", "debug", name)
    assert os.access(path, os.X_OK), f"{path} is missing: run swift build first"
    return path


@pytest.fixture(scope="module")
def captured(binary, tmp_path_factory):
    """An honest run, recorded and ended; the room starts again from there."""
    folder = tmp_path_factory.mktemp("captured")
    with CapturedRoom(binary, program(binary, "cleanroom-capture"), folder / "room") as room:
        room.prepare()
        room.honest = str(folder / "honest")
        room.capture(room.honest)
        room.start()
        room.clients = {account: room.client(account) for account, _ in room.members}
        room.create()
        for sql in (SQL, "SELECT p.store_region, COUNT(DISTINCT p.hashed_email) FROM purchases p JOIN ad_impressions ai "
                         "ON p.hashed_email = ai.hashed_email GROUP BY p.store_region"):
            assert len(room.rows(sql)) > 1
        for account, _ in room.members:
            room.daemon(account).stop()
        room.end_capture()
        yield room


def test_an_honest_run_is_clean(captured):
    record = captured.judge(captured.honest)
    assert record["findings"] == [] and record["unlisted"] == []
    assert record["listedBatches"] >= 4 and record["listedBytes"] > 100_000
    for link in record["links"]:
        assert link["connections"] >= 3 and link["bytesSent"] > link["clearBytesSent"] > 50_000
    columns = {(c["party"], c["column"]): c for c in record["canaries"]}
    assert {name for party, name in columns if party == "retailer"} == {
        "customer_id", "full_name", "email", "hashed_email"}
    assert {name for party, name in columns if party == "partner"} == {
        "impression_id", "user_email", "device_id", "ip_address", "hashed_email", "telephone", "birth_year", "income",
        "seat"}
    assert columns["partner", "user_email"]["standing"] == columns["partner", "hashed_email"]["standing"] == "identifier"
    assert columns["partner", "device_id"]["standing"] == "withheld"
    assert sum(c["values"] for c in columns.values()) > 20_000
    assert columns["partner", "seat"]["tooShort"] == columns["partner", "seat"]["values"]


def leaked(room, binary, folder, leaks):
    """Runs a query with the leaking daemon in the partner's place."""
    arguments = []
    for leak, column in leaks.items():
        cells = os.path.join(os.path.dirname(folder), f"{leak}.cells")
        with open(cells, "w") as file:
            file.write("\n".join(room.cells("user_email" if column == "hashed_email" else column)))
        arguments += ["--leak", f"{leak}={cells}"]
    room.capture(folder)
    daemon = room.daemon(PARTNER)
    honest = daemon.arguments
    daemon.arguments = [program(binary, "cleanroom-leaking"), "--config", room.path(PARTNER, "member.yaml"), *arguments]
    try:
        room.daemon(RETAILER).start()
        daemon.start()
        # Whatever the coordinator makes of a leak that disturbs the query.
        assert room.run(SQL)["status"] in ("SUCCESS", "FAILED")
    finally:
        daemon.stop()
        room.daemon(RETAILER).stop()
        daemon.arguments = honest
        room.end_capture()
    return room.judge(folder, ["partner"])


@pytest.mark.parametrize("run", RUNS, ids=["+".join(run) for run in RUNS])
def test_every_encoding_of_a_leak_is_caught(captured, binary, tmp_path, run):
    record = leaked(captured, binary, str(tmp_path / "capture"), {leak: column for leak, (column, _) in run.items()})
    found = {(f["party"], f["table"], f["column"], f["encoding"]) for f in record["findings"]}
    assert [leak for leak, expected in run.items() if ("partner", "ad_impressions", *expected) not in found] == []
    cells = captured.cells("user_email", 20) + captured.cells("telephone", 20)
    assert not any(cell.strip() in str(record) for cell in cells)


@pytest.mark.parametrize("leak", WAYS)
def test_what_no_ledger_lists_is_caught(captured, binary, tmp_path, leak):
    record = leaked(captured, binary, str(tmp_path / "capture"), {leak: "user_email"})
    assert any(WAYS[leak] in sentence for sentence in record["unlisted"]), record["unlisted"]


def test_the_real_daemon_cannot_leak(captured, binary):
    """None of the leaking program's code is in the real one."""
    with open(binary, "rb") as file:
        content = file.read()
    with open(program(binary, "cleanroom-leaking"), "rb") as file:
        leaking = file.read()
    for words in (b"THIS IS THE LEAKING MEMBER DAEMON", b"LeakingChannel", b"base64-url"):
        assert words in leaking and words not in content
    result = subprocess.run([binary, "member", "--config", captured.path(PARTNER, "member.yaml"), "--leak", "utf8"],
                            capture_output=True, text=True)
    assert result.returncode == 64


def test_nothing_damaged_passes_for_clean(captured, tmp_path):
    folder = str(tmp_path / "copy")

    def judged(change):
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(captured.honest, folder)
        change()
        return captured.judge(folder, check=False)

    def rewrite(name, change):
        path = os.path.join(folder, "partner", name)
        with open(path, "rb") as file:
            content = file.read()
        with open(path, "wb") as file:
            file.write(change(content))

    assert judged(lambda: None).returncode == 0
    for change in (lambda: rewrite("1.sent", lambda content: content[:-100]),
                   lambda: rewrite("1.sent", lambda content: content[:3000] + b"\0" + content[3001:]),
                   lambda: rewrite("keys.log", lambda content: content[: len(content) // 3]),
                   lambda: os.remove(os.path.join(folder, "partner", "keys.log")),
                   lambda: os.remove(os.path.join(folder, "partner", "2.end")),
                   lambda: shutil.rmtree(os.path.join(folder, "partner"))):
        result = judged(change)
        assert result.returncode == 1 and "partner" in result.stderr and result.stdout == ""


def test_secrets_are_logged_only_when_asked_for_and_loudly(captured, small_room):
    lines = [line for line in captured.daemon(PARTNER).log_lines() if "CLEANROOM_TLS_KEY_LOG IS SET" in line]
    assert lines and '"level":"warning"' in lines[0]
    keys = os.path.join(captured.honest, "partner", "keys.log")
    assert os.stat(keys).st_mode & 0o777 == 0o600
    assert not any("CLEANROOM_TLS_KEY_LOG" in line for line in small_room.daemon(PARTNER).log_lines())
    for folder, _, names in os.walk(small_room.folder):
        for name in names:
            with open(os.path.join(folder, name), "rb") as file:
                assert b"CLIENT_TRAFFIC_SECRET_0" not in file.read()


@pytest.mark.skipif(not shutil.which("tshark") or os.geteuid() != 0, reason="needs tshark and root")
def test_tshark_decrypts_the_same(captured, tmp_path):
    """An independent program, from packets of the interface, reads the bytes that we read from the relay."""
    folder, packets = str(tmp_path / "capture"), str(tmp_path / "packets.pcap")
    captured.capture(folder)
    port = captured.ports[PARTNER]
    tshark = subprocess.Popen(["tshark", "-q", "-i", "lo", "-f", f"tcp port {port}", "-w", packets],
                              stderr=subprocess.PIPE, text=True)
    try:
        while "Capturing on" not in tshark.stderr.readline():
            assert tshark.poll() is None
        time.sleep(1)
        for account in (RETAILER, PARTNER):
            captured.daemon(account).start()
        assert captured.run(SQL)["status"] == "SUCCESS"
        for account in (RETAILER, PARTNER):
            captured.daemon(account).stop()
        time.sleep(1)
    finally:
        tshark.terminate()
        tshark.wait(20)
        captured.end_capture()
    seen = [dissected(packets, os.path.join(folder, "partner", "keys.log"), stream, port) for stream in range(2)]
    ours = [subprocess.run([captured.tool, "clear", "--party", "partner", "--folder", folder, "--number", str(number)],
                           capture_output=True, check=True).stdout for number in (1, 2)]
    assert all(len(content) > 100 for content in ours) and sum(map(len, ours)) > 20_000
    assert seen == ours


def dissected(packets, keys, stream, port):
    """What the client of a TCP stream sent, decrypted by tshark."""
    result = subprocess.run(
        ["tshark", "-r", packets, "-o", f"tls.keylog_file:{keys}", "-q", "-z", f"follow,tls,raw,{stream}"],
        capture_output=True, text=True, check=True)
    # What the second node sent is indented.
    first = re.search(r"Node 0: .*:(\d+)$", result.stdout, re.MULTILINE).group(1)
    indent = "\t" if int(first) == port else ""
    pattern = re.compile(indent + r"((?:[0-9a-f]{2})+)")
    return b"".join(bytes.fromhex(match.group(1)) for match in map(pattern.fullmatch, result.stdout.splitlines()) if match)
