"""Raw values never leave; what leaves is what the ledger says; results reach receivers only."""
import csv
import json
import os
import subprocess

import pytest

import disclosure
from howto import PARTNER, RETAILER
from relay import Relay, connections
from room import BANK, Room
from test_results import AGGREGATIONS, P_A


def sent(room, account):
    return disclosure.recorded(room.path(account, "link"))


def ledger(room, account, *arguments):
    result = subprocess.run([room.binary, "ledger", *arguments, "--config", room.path(account, "member.yaml")],
                            capture_output=True, text=True)
    return result.returncode, result.stdout, result.stderr


def entries(room, account, query):
    code, out, err = ledger(room, account, "show", "--json", "--query", query)
    assert code == 0, err
    return [json.loads(line) for line in out.splitlines()]


def columns(room, path, *names):
    with open(room.path(*path), newline="") as file:
        rows = list(csv.DictReader(file))
    return {row[name].strip() for row in rows for name in names}


def test_no_raw_value_is_sent(shared_room):
    """Every raw value of every withheld column, and every identifier, in the forms a leak would take."""
    shared_room.rows(AGGREGATIONS[5].sql)
    data = sent(shared_room, RETAILER) | {"p" + name: content for name, content in sent(shared_room, PARTNER).items()}
    assert sum(map(len, data.values())) > 500_000
    assert disclosure.search(data) == []
    everything = b"\n".join(data.values())
    raw = columns(shared_room, (RETAILER, "data/purchases.csv"), "email", "customer_id", "full_name", "hashed_email")
    raw |= columns(shared_room, (PARTNER, "data/impressions.csv"), "user_email", "device_id", "ip_address")
    assert len(raw) > 20_000
    found = [value for value in raw if value.encode() in everything]
    assert found == []
    sample = sorted(raw)[::97]
    assert disclosure.search(data, sample, {}) == []


def test_the_search_finds_what_it_should(shared_room):
    """The check itself is checked: a value hidden in any of the forms is found."""
    value = "dunja.weber.46813@mail4.example"
    for form, pattern in disclosure.encodings(value).items():
        assert disclosure.search({"x": os.urandom(999) + pattern + os.urandom(999)}, [value], {}), form
    assert disclosure.search({"x": b"..DEV-0b339d6b2f.."})


def test_rows_that_a_local_filter_excludes_stay_home(shared_room):
    query = shared_room.run(
        f"SELECT p.store_region, COUNT(DISTINCT p.hashed_email) FROM {P_A} WHERE p.purchase_date >= '2025-12-25' "
        "AND ai.channel = 'video' GROUP BY p.store_region")["id"]
    with open(shared_room.path(RETAILER, "data/purchases.csv"), newline="") as file:
        purchases = sum(1 for row in csv.DictReader(file) if row["purchase_date"] >= "2025-12-25")
    with open(shared_room.path(PARTNER, "data/impressions.csv"), newline="") as file:
        impressions = sum(1 for row in csv.DictReader(file) if row["channel"] == "video")
    assert sum(entry["rows"] for entry in entries(shared_room, RETAILER, query)) <= purchases
    assert sum(entry["rows"] for entry in entries(shared_room, PARTNER, query)) <= impressions


def test_only_needed_columns_leave(shared_room):
    query = shared_room.run(f"SELECT p.store_region, COUNT(DISTINCT p.hashed_email) FROM {P_A} GROUP BY p.store_region")
    [retailer] = entries(shared_room, RETAILER, query["id"])
    [partner] = entries(shared_room, PARTNER, query["id"])
    assert {(c["name"], c["kind"]) for c in retailer["columns"]} == {("hashed_email", "token"), ("store_region", "value")}
    assert {(c["name"], c["kind"]) for c in partner["columns"]} == {("hashed_email", "token")}
    assert entries(shared_room, BANK, query["id"]) == []


def test_the_ledger_lists_every_batch_byte(shared_room):
    """What was recorded on data connections is the ledger's batches and their framing, nothing more."""
    before = {name: len(content) for name, content in sent(shared_room, PARTNER).items()}
    query = shared_room.run(AGGREGATIONS[4].sql)["id"]
    new = {name: content for name, content in sent(shared_room, PARTNER).items() if name not in before}
    listed = sum(entry["bytes"] for entry in entries(shared_room, PARTNER, query))
    batches = sum(entry["batches"] for entry in entries(shared_room, PARTNER, query))
    carried = sum(len(content) for content in new.values())
    assert 0 <= carried - listed <= 1024 + 16 * batches


def test_tokens_of_two_queries_are_unlinkable(shared_room):
    """Equal queries over equal data send no equal token."""
    def windows():
        before = set(sent(shared_room, PARTNER))
        shared_room.rows(f"SELECT COUNT(DISTINCT p.hashed_email) FROM {P_A}")
        content = b"".join(v for k, v in sent(shared_room, PARTNER).items() if k not in before)
        return {content[i:i + 12] for i in range(0, len(content) - 12)}

    # Framing and column headers repeat; tokens are nearly all of the bytes and must not.
    first, second = windows(), windows()
    assert len(first) > 50_000 and len(first & second) < 600


def test_ledgers_are_intact(shared_room):
    for account, _ in shared_room.members:
        code, out, err = ledger(shared_room, account, "verify")
        assert code == 0 and out.startswith("intact:"), err


def test_a_changed_ledger_is_noticed(small_room):
    import sqlite3

    small_room.run(f"SELECT COUNT(DISTINCT p.hashed_email) FROM {P_A}")
    small_room.stop()
    path = small_room.path(RETAILER, "state/ledger.sqlite")
    assert ledger(small_room, RETAILER, "verify")[0] == 0
    with sqlite3.connect(path) as database:
        database.execute("UPDATE line SET body = replace(body, 'purchases', 'purchased')")
    code, _, err = ledger(small_room, RETAILER, "verify")
    assert code == 1 and "line 1" in err
    assert ledger(small_room, RETAILER, "verify", "--query", "zzz")[0] == 64
    with open(path, "wb") as file:
        file.write(b"no ledger")
    code, _, err = ledger(small_room, RETAILER, "verify")
    assert code == 1 and "not a ledger file" in err
    for name in os.listdir(small_room.path(RETAILER, "state")):
        if name.startswith("ledger"):
            os.remove(small_room.path(RETAILER, "state/" + name))
    code, _, err = ledger(small_room, RETAILER, "verify")
    assert code == 1 and "has been removed" in err
    # Nothing is released without the record of what was released before.
    with pytest.raises(RuntimeError):
        small_room.daemon(RETAILER).start()
    assert any("ledger" in line and "missing" in line for line in small_room.daemon(RETAILER).log_lines())


def test_a_member_without_the_ability_gets_no_byte(small_room):
    """Results go to the listed receivers; the runner alone here."""
    before = {account: os.listdir(small_room.path(account, "results")) for account in (PARTNER, BANK)}
    small_room.rows(AGGREGATIONS[4].sql)
    for account, names in before.items():
        assert os.listdir(small_room.path(account, "results")) == names


def test_no_secret_or_cell_in_any_log(shared_room):
    """Logs of all daemons, searched for planted values, keys and key material."""
    logs = {name: "\n".join(daemon.log_lines()).encode() for name, daemon in shared_room.daemons.items()}
    raw = disclosure.sample(shared_room.path(RETAILER, "data/purchases.csv"),
                            ["email", "customer_id", "full_name", "hashed_email"], 200)
    assert disclosure.search(logs, [value for values in raw.values() for value in values]) == []
    for account, _ in shared_room.members:
        with open(shared_room.path(account, "credentials")) as file:
            secret = [line.split(" = ")[1].strip() for line in file if line.startswith("aws_secret")][0]
        assert not any(secret.encode() in content for content in logs.values())
    for name, daemon in shared_room.daemons.items():
        assert all(json.loads(line) for line in daemon.log_lines()), name


def test_on_the_wire(binary, tmp_path):
    """What crosses the wire is TLS 1.3 and no longer than what was recorded as sent; the daemon has no other way out."""
    with Room(binary, tmp_path / "room", scale=0.02, record=True) as room:
        room.prepare()
        relay = Relay(room.base_port)
        path = room.path(PARTNER, "member.yaml")
        with open(path) as file:
            text = file.read()
        with open(path, "w") as file:
            file.write(text.replace(f"localhost:{room.base_port}", f"localhost:{relay.port}"))
        room.start()
        room.clients = {account: room.client(account) for account, _ in room.members}
        room.create()
        assert len(room.rows(AGGREGATIONS[4].sql)) > 1
        api = room.clients[PARTNER].port
        others = [found for found in connections(room.daemon(PARTNER).process.pid)
                  if found[1] != api and found[2] != relay.port]
        room.stop()
        clear = sent(room, PARTNER)
        wire = relay.bytes_sent()
        relay.close()
        assert others == []
        assert len(wire) == len(clear) >= 2
        # A handshake with a client certificate and 22 bytes for every record of up to 16 KiB.
        for data in wire:
            assert data[:3] == b"\x16\x03\x01" and b"\x17\x03\x03" in data
        overhead = sum(map(len, wire)) - sum(map(len, clear.values()))
        assert 0 < overhead < 4096 * len(wire) + sum(map(len, clear.values())) // 20
        raw = columns(room, (PARTNER, "data/impressions.csv"), "user_email", "device_id", "ip_address")
        everything = b"\n".join(wire)
        assert [value for value in raw if value.encode() in everything] == []
        assert disclosure.search({"wire": everything}) == []
