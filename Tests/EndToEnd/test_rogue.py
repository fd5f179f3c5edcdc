"""Members and coordinators that misbehave on the link harm themselves only."""
import json
import socket
import threading
import time
import uuid

import pytest

from client import APIError
from howto import PARTNER, RETAILER
from lying import LyingCoordinator, field, fields, payload, signed
from room import BANK
from test_bad_input import HELLO, context
from test_results import P_A

QUERY = f"SELECT p.store_region, COUNT(DISTINCT p.hashed_email) FROM {P_A} GROUP BY p.store_region"


def test_a_member_that_reads_nothing(small_room):
    """It is cut off, and neither the coordinator's memory nor others' queries suffer."""
    small_room.daemon(BANK).stop()
    before = small_room.daemon("coordinator").memory_peak()
    raw = socket.create_connection(("127.0.0.1", small_room.base_port), timeout=60)
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    link = context(small_room, BANK).wrap_socket(raw)
    link.sendall(HELLO)
    request = field(1, 7) + field(2, "call") + field(3, b"{}")
    frame = len(request) + 1
    flood = (frame.to_bytes(4, "little") + b"\x03" + request) * 1000
    with pytest.raises(OSError):
        for _ in range(300):
            link.sendall(flood)
        # Quiet from here on, but for pongs that nobody asked for.
        for _ in range(120):
            link.sendall(b"\x01\x00\x00\x00\x06")
            time.sleep(0.5)
    began = time.monotonic()
    assert small_room.run(QUERY)["status"] == "SUCCESS" and time.monotonic() - began < 20
    assert small_room.daemon("coordinator").memory_peak() - before < 300 << 20


def test_large_control_frames_are_refused(small_room):
    small_room.daemon(BANK).stop()
    with socket.create_connection(("127.0.0.1", small_room.base_port), timeout=15) as raw:
        link = context(small_room, BANK).wrap_socket(raw)
        link.sendall(HELLO)
        link.recv(64)
        try:
            link.sendall((32 << 20).to_bytes(4, "little") + b"\x03" + bytes(100))
            assert link.recv(64) == b""
        except OSError:
            pass
    assert small_room.daemon("coordinator").is_running


def test_a_coordinator_that_shows_another_charter(small_room):
    """Signed by an accomplice that names itself the creator: the identifier does not belong to it."""
    room = small_room
    assert room.run(QUERY)["status"] == "SUCCESS"
    room.daemon("coordinator").stop()
    liar = LyingCoordinator(room)
    announcement = liar.announcement()
    certificate = next(t["certificate"] for t in announcement["tables"] if payload(t)["owner"] == PARTNER)
    forged = {**payload(announcement["charter"]), "creator": PARTNER}
    for member in forged["members"]:
        member["abilities"] = ["CAN_QUERY", "CAN_RECEIVE_RESULTS"]
    document = signed(room, PARTNER, "cleanroom/charter/1", forged, certificate)
    link = liar.meet(RETAILER)
    outcome = {}

    def join():
        for _ in range(50):
            try:
                outcome["answer"] = room.clients[RETAILER].call(
                    "CreateMembership", collaborationIdentifier=room.ids["collaboration"], queryLogStatus="ENABLED")
            except APIError as error:
                outcome["error"] = error
                if "cannot be reached" not in str(error):
                    return
            time.sleep(0.1)

    thread = threading.Thread(target=join)
    thread.start()
    deadline = time.monotonic() + 20
    while thread.is_alive() and time.monotonic() < deadline:
        kind, body = liar.read(link)
        message = fields(body)
        if kind == 5:
            liar.write(link, 6, b"")
        elif kind == 3 and message[2] == b"call" and b"CreateMembership" in message[3]:
            membership = {"id": str(uuid.uuid4()), "collaborationId": room.ids["collaboration"]}
            reply = {"output": json.dumps({"membership": membership}), "document": document}
            liar.write(link, 4, field(1, message[1]) + field(2, json.dumps(reply)))
            thread.join(3)
        elif kind == 3:
            liar.write(link, 4, field(1, message[1]) + field(3, "no"))
    liar.close()
    assert "error" in outcome and "charter" in str(outcome["error"]), outcome


def test_a_refused_giant_query_is_quick(shared_room):
    items = ", ".join(f"COUNT(DISTINCT p.hashed_email) AS a{i}" for i in range(8_000))
    order = ", ".join(f"a{i}" for i in range(8_000))
    began = time.monotonic()
    error = shared_room.refusal(f"SELECT {items} FROM {P_A} ORDER BY {order}")
    assert "more than 1000 items" in error.body["message"] and time.monotonic() - began < 15
