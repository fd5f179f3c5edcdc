"""A consortium of organizations on different machines: made by hand, every private key where it belongs."""
import glob
import os
import re
import shutil
import signal
import stat
import subprocess
import time

import pytest

import howto
import room
from howto import PARTNER, RETAILER


def pki(binary, *arguments):
    return subprocess.run([binary, "pki", *map(str, arguments)], capture_output=True, text=True)


def done(result):
    assert result.returncode == 0, result.stderr
    return result.stdout


@pytest.fixture
def authority(binary, tmp_path):
    done(pki(binary, "authority", tmp_path / "ca", "--name", "Consortium"))
    return tmp_path / "ca"


def rekey(made, authority):
    """Puts identities that were made by hand in the place of those of `cleanroom init`."""
    shutil.rmtree(os.path.join(made.folder, "ca"))
    folders = {"coordinator": os.path.join(made.folder, "coordinator")}
    folders.update({account: made.path(account).rstrip("/") for account, _ in made.members})
    os.mkdir(os.path.join(made.folder, "ca"))
    for name, folder in folders.items():
        for file in ("identity.key", "identity.pem"):
            os.remove(os.path.join(folder, file))
        who = ["--coordinator"] if name == "coordinator" else ["--member", f"{name}:{dict(made.members)[name]}"]
        asked = done(pki(made.binary, "request", *who, "--out", folder))
        assert stat.S_IMODE(os.stat(os.path.join(folder, "identity.key")).st_mode) == 0o600
        shown = done(pki(made.binary, "sign", os.path.join(folder, "identity.csr"), "--authority", authority, "--out",
                         os.path.join(folder, "identity.pem")))
        fingerprint = re.search(r"[0-9a-f]{64}", asked).group()
        assert fingerprint in shown and (name in shown)
    hand_out(made, authority)


def hand_out(made, authority):
    for file in ("authority.pem", "revoked.pem"):
        shutil.copy(authority / file, os.path.join(made.folder, "ca", file))


def test_a_consortium_by_hand_and_a_revoked_member(binary, tmp_path, authority):
    with room.Room(binary, tmp_path / "room", scale=0.01) as made:
        made.prepare()
        rekey(made, authority)
        assert not glob.glob(os.path.join(made.folder, "**", "authority.key"), recursive=True)
        made.start()
        made.clients = {account: made.client(account) for account, _ in made.members}
        made.create()
        assert made.run(howto.SQL)["status"] == "SUCCESS"

        done(pki(binary, "revoke", made.path(PARTNER, "identity.pem"), "--authority", authority))
        hand_out(made, authority)
        made.daemon("coordinator").process.send_signal(signal.SIGHUP)
        deadline = time.monotonic() + 20
        while not any("refuses" in line or "does not accept" in line for line in made.daemon(PARTNER).log_lines()):
            assert time.monotonic() < deadline, "the revoked member keeps its link"
            time.sleep(0.1)
        doctor = subprocess.run([binary, "doctor", "--config", made.path(PARTNER, "member.yaml")],
                                capture_output=True, text=True)
        assert doctor.returncode == 1 and "has been revoked" in doctor.stdout


def test_nothing_is_overwritten(binary, tmp_path, authority):
    before = (authority / "authority.key").read_text()
    assert stat.S_IMODE(os.stat(authority / "authority.key").st_mode) == 0o600
    again = pki(binary, "authority", authority, "--name", "Again")
    assert again.returncode == 1 and "not overwritten" in again.stderr
    assert (authority / "authority.key").read_text() == before
    done(pki(binary, "request", "--coordinator", "--out", tmp_path / "c"))
    key = (tmp_path / "c" / "identity.key").read_text()
    assert pki(binary, "request", "--coordinator", "--out", tmp_path / "c").returncode == 1
    assert (tmp_path / "c" / "identity.key").read_text() == key
    sign = lambda: pki(binary, "sign", tmp_path / "c" / "identity.csr", "--authority", authority, "--out",
                       tmp_path / "c" / "identity.pem")
    done(sign())
    assert sign().returncode == 1


def request(folder, names, more="", subject="/CN=Mallory", curve="prime256v1"):
    """A certificate request as openssl makes it."""
    folder.mkdir(exist_ok=True)
    config = folder / "request.cnf"
    config.write_text(f"[req]\ndistinguished_name=dn\nreq_extensions=ext\nprompt=no\n[dn]\nCN=unused\n"
                      f"[ext]\nsubjectAltName={names}\n{more}\n")
    subprocess.run(["openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", f"ec_paramgen_curve:{curve}", "-nodes",
                    "-keyout", folder / "key.pem", "-subj", subject, "-config", config, "-out", folder / "request.csr"],
                   check=True, capture_output=True)
    return folder / "request.csr"


ACCOUNT = f"URI:urn:cleanroom:account:{RETAILER}"


@pytest.mark.parametrize("names, more, options, words", [
    (f"{ACCOUNT},URI:urn:cleanroom:coordinator", "", {}, "2 roles"),
    (f"{ACCOUNT},URI:urn:cleanroom:account:{PARTNER}", "", {}, "2 roles"),
    (f"{ACCOUNT},URI:https://example.com/", "", {}, "no Cleanroom role"),
    ("DNS:localhost", "", {}, "0 roles"),
    (f"{ACCOUNT},IP:10.0.0.1", "", {}, "neither a role nor hosts"),
    (f"{ACCOUNT},DNS:*.example.com", "", {}, "not a DNS name"),
    (ACCOUNT, "basicConstraints=critical,CA:TRUE", {}, "more than names"),
    (ACCOUNT, "extendedKeyUsage=codeSigning", {}, "more than names"),
    (ACCOUNT, "", {"subject": "/CN=a/O=b"}, "common name"),
    (ACCOUNT, "", {"curve": "secp384r1"}, "not a P-256 key"),
])
def test_what_is_not_an_identity_is_not_issued(binary, tmp_path, authority, names, more, options, words):
    csr = request(tmp_path / "asked", names, more, **options)
    result = pki(binary, "sign", csr, "--authority", authority, "--out", tmp_path / "issued.pem")
    assert result.returncode == 1 and words in result.stderr, result.stderr
    assert not (tmp_path / "issued.pem").exists()


def test_a_request_of_openssl_s_is_issued_with_our_extensions(binary, tmp_path, authority):
    csr = request(tmp_path / "asked", f"{ACCOUNT},DNS:api.example.com")
    done(pki(binary, "sign", csr, "--authority", authority, "--days", 30, "--out", tmp_path / "issued.pem"))
    text = subprocess.run(["openssl", "x509", "-in", tmp_path / "issued.pem", "-noout", "-text"], check=True,
                          capture_output=True, text=True).stdout
    assert "CA:FALSE" in text and "api.example.com" in text and "urn:cleanroom:account:" + RETAILER in text
    subprocess.run(["openssl", "verify", "-CAfile", authority / "authority.pem", tmp_path / "issued.pem"], check=True,
                   capture_output=True)


def test_a_tampered_request_is_not_issued(binary, tmp_path, authority):
    csr = request(tmp_path / "asked", ACCOUNT)
    der = subprocess.run(["openssl", "req", "-in", csr, "-outform", "DER"], check=True, capture_output=True).stdout
    changed = der.replace(RETAILER.encode(), PARTNER.encode())
    assert changed != der
    subprocess.run(["openssl", "req", "-inform", "DER", "-out", csr], input=changed, check=True, capture_output=True)
    result = pki(binary, "sign", csr, "--authority", authority, "--out", tmp_path / "issued.pem")
    assert result.returncode == 1 and "not signed with the key" in result.stderr


def test_revoking(binary, tmp_path, authority):
    done(pki(binary, "request", "--member", f"{RETAILER}:Acme", "--out", tmp_path / "m"))
    done(pki(binary, "sign", tmp_path / "m" / "identity.csr", "--authority", authority, "--out", tmp_path / "m.pem"))
    done(pki(binary, "revoke", tmp_path / "m.pem", "--authority", authority))
    done(pki(binary, "revoke", "0a:ff", "--authority", authority))
    crl = subprocess.run(["openssl", "crl", "-in", authority / "revoked.pem", "-noout", "-text", "-CAfile",
                          authority / "authority.pem"], check=True, capture_output=True, text=True).stdout
    assert crl.count("Serial Number") == 2 and "0AFF" in crl
    assert stat.S_IMODE(os.stat(authority / "revoked.pem").st_mode) == 0o644
    done(pki(binary, "authority", tmp_path / "other", "--name", "Other"))
    foreign = pki(binary, "revoke", tmp_path / "m.pem", "--authority", tmp_path / "other")
    assert foreign.returncode == 1 and "not issued by this authority" in foreign.stderr
    assert pki(binary, "revoke", "nonsense", "--authority", authority).returncode == 1
