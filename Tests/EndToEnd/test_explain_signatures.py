"""`explain` believes what owners and creators have signed; the coordinator's documents have been changed underneath."""
import hashlib
import json
import os
import sqlite3
import subprocess

import howto
from howto import PARTNER, RETAILER
from lying import altered
from room import BANK
from test_membership import act, member_change, propose
from test_templates import TEXT, allow, create

STRICTER = "SELECT ai.campaign_name, COUNT(DISTINCT p.hashed_email) FROM purchases p JOIN ad_impressions ai " \
    "ON p.hashed_email = ai.hashed_email GROUP BY ai.campaign_name"


def explain(room, *arguments):
    ended = subprocess.run(
        [room.binary, "explain", "--config", room.path(RETAILER, "member.yaml"), "--collaboration",
         room.ids["collaboration"], *arguments, "--json"], capture_output=True, text=True, timeout=60)
    return ended, json.loads(ended.stdout) if ended.stdout.startswith("{") else None


def checksum(*parts):
    """As the state file's rows have it; whoever runs the coordinator can make it."""
    return hashlib.sha256(b"".join(b"%d:%s" % (len(part.encode()), part.encode()) for part in parts)).digest()


def forge(room, kind, wanted, change):
    """Changes a stored document under its old signature; the partner is away, so that it publishes nothing anew."""
    room.daemon(PARTNER).stop()
    room.daemon("coordinator").stop()
    path, found = os.path.join(room.folder, "coordinator", "state", "state.sqlite"), 0
    with sqlite3.connect(path) as database:
        rows = database.execute("SELECT id, parent, json FROM document WHERE kind = ?", (kind,)).fetchall()
        for identifier, parent, text in rows:
            record = json.loads(text)
            if wanted(record):
                record["signed"] = altered(record["signed"], change)
                text = json.dumps(record)
                database.execute("UPDATE document SET json = ?, checksum = ? WHERE kind = ? AND id = ?",
                                 (text, checksum(kind, identifier, parent or "", text), kind, identifier))
                found += 1
    assert found == 1
    room.daemon("coordinator").start()


def test_a_table_that_was_changed_is_left_out(small_room):
    ended, answer = explain(small_room, STRICTER)
    assert ended.returncode == 0 and answer["tablesWithoutSignature"] == 0
    forge(small_room, "table", lambda record: record["table"]["owner"] == PARTNER,
          lambda table: table.update(description="changed"))
    ended, answer = explain(small_room, STRICTER)
    assert ended.returncode == 2 and answer["tablesWithoutSignature"] == 1, ended.stdout
    assert any("ad_impressions" in reason["message"] for reason in answer["reasons"])


def test_a_template_that_was_changed_is_not_found(small_room):
    arn = create(small_room)["arn"]
    allow(small_room, arn)
    parameters = ["--template", arn, "--parameter", "category=x"]
    assert explain(small_room, *parameters)[0].returncode == 0
    forge(small_room, "analysis-template", lambda record: True,
          lambda template: template.update(sql=TEXT.replace("<>", "=")))
    ended, answer = explain(small_room, *parameters)
    assert ended.returncode not in (0, 2) and answer is None
    assert "valid signature of its creator" in ended.stderr


def test_the_amended_charter_counts(small_room):
    assert explain(small_room, STRICTER, "--receiver", BANK)[0].returncode == 0
    request = propose(small_room, member_change(BANK, []))
    for account in (PARTNER, BANK):
        act(small_room, account, request, "APPROVE")
    act(small_room, RETAILER, request, "COMMIT")
    ended, _ = explain(small_room, STRICTER, "--receiver", BANK)
    assert ended.returncode == 2 and "CAN_RECEIVE_RESULTS" in ended.stdout
