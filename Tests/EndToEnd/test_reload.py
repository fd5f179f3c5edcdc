"""SIGHUP: credentials, certificates and revocations are read again, all or nothing."""
import configparser
import os
import signal
import ssl
import subprocess
import time

import pytest

from client import APIError
from howto import PARTNER, RETAILER
from test_bad_input import HELLO, context, revoke, spoken_to
from test_disclosure import ledger
from test_life import QUERY, wait_for_links


def hang_up(room, name, word):
    """Sends SIGHUP and waits for the daemon's answer in its log."""
    daemon = room.daemon(name)
    before = len(daemon.log_lines())
    daemon.process.send_signal(signal.SIGHUP)
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        if any(word in line for line in daemon.log_lines()[before:]):
            return
        time.sleep(0.05)
    raise AssertionError(daemon.log_lines()[before:])


def rewrite(path, old, new):
    with open(path) as file:
        text = file.read()
    with open(path, "w") as file:
        file.write(text.replace(old, new))


def test_new_access_keys(small_room):
    client = small_room.clients[RETAILER]
    path = small_room.path(RETAILER, "credentials")
    keys = configparser.ConfigParser()
    keys.read(path)
    old = keys["acme-retail"]["aws_secret_access_key"]
    rewrite(path, old, "a-new-secret-of-forty-characters-0123456")
    client.call("ListCollaborations")
    hang_up(small_room, RETAILER, "were read again")
    with pytest.raises(APIError):
        client.call("ListCollaborations")
    client.secret = "a-new-secret-of-forty-characters-0123456"
    client.call("ListCollaborations")
    # Damaged files change nothing.
    rewrite(path, "aws_secret_access_key", "aws_secret")
    hang_up(small_room, RETAILER, "everything stays as it was")
    client.call("ListCollaborations")


def test_a_revoked_member_loses_its_link(small_room):
    assert small_room.run(QUERY)["status"] == "SUCCESS"
    revoke(small_room, PARTNER)
    hang_up(small_room, "coordinator", "were read again")
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        if small_room.run(QUERY)["status"] == "FAILED":
            break
    else:
        raise AssertionError("a revoked member still releases")
    assert spoken_to(small_room, context(small_room, PARTNER), HELLO) == b""


def test_a_renewed_identity(small_room):
    """A new key and certificate for the same account: the ledger goes on, the API shows the new certificate."""

    assert small_room.run(QUERY)["status"] == "SUCCESS"
    folder, ca = small_room.path(RETAILER), os.path.join(small_room.folder, "ca")

    def shown():
        return ssl.get_server_certificate(("127.0.0.1", small_room.clients[RETAILER].port))

    before = shown()
    with open(os.path.join(folder, "san.cnf"), "w") as file:
        file.write(f"subjectAltName=URI:urn:cleanroom:account:{RETAILER},DNS:localhost\n"
                   "extendedKeyUsage=clientAuth,serverAuth\nkeyUsage=critical,digitalSignature\n")
    for command in (
            "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out new.key",
            "openssl req -new -key new.key -subj /CN=Acme -out new.csr",
            f"openssl x509 -req -in new.csr -CA {ca}/authority.pem -CAkey {ca}/authority.key -set_serial 4711 -days 30 "
            "-extfile san.cnf -out new.pem", "chmod 600 new.key", "mv new.key identity.key", "mv new.pem identity.pem"):
        subprocess.run(command.split(), cwd=folder, check=True, capture_output=True)
    hang_up(small_room, RETAILER, "were read again")
    assert shown() != before
    wait_for_links(small_room)
    assert small_room.run(QUERY)["status"] == "SUCCESS"
    code, out, err = ledger(small_room, RETAILER, "verify")
    assert code == 0 and out.startswith("intact"), err
