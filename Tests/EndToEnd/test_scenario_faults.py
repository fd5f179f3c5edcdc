"""Every fault of a scenario does what it says."""
import os
import re

import pytest

from scenario_files import PARTIES, Runner, call, fault, query, setting_up

SHORT = "coordinator: {limits: {memberWait: 2s, agreementWait: 2s}}\nsteps:\n"
AWAY = {"status": "FAILED", "error": "AdTech Partner"}
GOOD = {"status": "SUCCESS", "rows": 4}
RUNNING = "checks: {daemons: running, ledgers: intact}\n"
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")


@pytest.fixture
def runner(binary, tmp_path):
    return Runner(binary, tmp_path)


def run(runner, steps, *options, checks=RUNNING, **how):
    return runner.run(PARTIES.replace("steps:\n", SHORT) + setting_up() + query(GOOD) + steps + checks, *options, **how)


@pytest.mark.parametrize("name", ["kill", "stop"])
def test_a_member_that_is_gone(runner, name):
    run(runner, fault(**{name: "partner"}) + query(AWAY) + fault(start="partner") + query(GOOD))
    out, error = run(runner, fault(**{name: "partner"}), code=1)
    assert "the closing check daemons of test.yaml does not hold: partner: it does not run" in error


def test_the_coordinator_is_gone(runner):
    refused = call("retailer", "CreateCollaboration", **{"name": "x", "description": "x", "creatorMemberAbilities": [],
                   "creatorDisplayName": "A", "members": [], "queryLogStatus": "ENABLED"}).replace(
        "}\n", ', "expect": {"refused": {"error": "InternalServerException", "messages": ["coordinator"]}}}\n')
    run(runner, fault(kill="coordinator") + refused + fault(start="coordinator") + query(GOOD))


def test_a_restart(runner):
    place = runner.folder / "kept"
    run(runner, fault(restart="partner") + fault(restart="coordinator") + query(GOOD), "--workdir", place)
    for name in ("partner", "coordinator"):
        assert (place / "logs" / f"{name}.log").read_text().count('"message":"stopping"') == 2


def test_a_pause(runner):
    run(runner, fault(pause="partner") + query(AWAY) + fault(resume="partner") + query(GOOD))


def test_a_run_ends_with_a_paused_daemon(runner):
    run(runner, fault(pause="partner"))


def test_a_cut_link(runner):
    run(runner, fault(cut="partner") + query(AWAY) + fault(mend="partner") + query(GOOD) * 2)


def test_a_slow_link(runner):
    out, _ = run(runner, "  - fault: {slow: {link: partner, delay: 400ms}}\n" + query(GOOD))
    fast, slow = [float(seconds) for seconds in re.findall(r"StartProtectedQuery +([\d.]+) s", out)]
    assert slow > fast + 0.8


@needs_root
def test_a_full_disk(runner):
    place = runner.folder / "kept"
    full = {"status": "FAILED", "error": "AdTech Partner"}
    out, _ = run(runner, fault(fillDisk="partner") + query(full) + fault(freeDisk="partner") + query(GOOD), "--workdir",
                 place)
    assert "none left" in out
    # What was on the small disk is still there, and the disk is gone.
    assert (place / "consortium/members/987654321098/state/ledger.sqlite").stat().st_size > 0
    assert str(place) not in open("/proc/mounts").read()


@pytest.mark.parametrize("name", ["expireCertificate", "revokeCertificate"])
def test_a_member_whose_certificate_does_not_count_any_more(runner, name):
    place = runner.folder / "kept"
    run(runner, fault(**{name: "partner"}) + query(AWAY) + fault(renewCertificate="partner") + "  - wait: 1s\n" +
        query(GOOD), "--workdir", place)
    assert "certificate does not count any more" in (place / "logs/coordinator.log").read_text()


@pytest.mark.parametrize("name, words", [("expireCertificate", "TLS handshake failed"), ("revokeCertificate", "revoked")])
def test_a_coordinator_whose_certificate_does_not_count_any_more(runner, name, words):
    place = runner.folder / "kept"
    refused = call("retailer", "GetCollaboration", collaborationIdentifier="${collaboration}").replace(
        "}\n", ', "expect": {"refused": {"error": "InternalServerException", "messages": ["coordinator"]}}}\n')
    run(runner, fault(**{name: "coordinator"}) + "  - wait: 1s\n" + refused + fault(renewCertificate="coordinator") +
        query(GOOD), "--workdir", place)
    for party in ("retailer", "partner"):
        assert words in (place / "logs" / f"{party}.log").read_text()


def test_a_wrong_clock(runner):
    place = runner.folder / "kept"
    late = call("retailer", "ListCollaborations").replace(
        "}\n", ', "expect": {"refused": {"error": "InvalidSignatureException", "messages": ["Signature"]}}}\n')
    run(runner, "  - fault: {skewClock: {party: retailer, by: 10min}}\n" + late, "--workdir", place)
    assert "CLEANROOM_CLOCK_SKEW IS SET" in (place / "logs/retailer.log").read_text()
    assert "CLEANROOM_CLOCK_SKEW" not in (place / "logs/partner.log").read_text()


@pytest.mark.parametrize("lie, words", [
    ("changed-query", "signature"), ("changed-receivers", "signature"), ("changed-runner", "signature"),
    ("changed-rule", "signature"), ("changed-charter", "charter"), ("replay", "before")])
def test_a_coordinator_that_lies(runner, lie, words):
    failed = query({"status": "FAILED", "error": words})
    run(runner, fault(lie=lie) + failed + fault(honest=True) + query(GOOD))


def test_an_unknown_lie(runner):
    _, error = run(runner, fault(lie="white"), code=1)
    assert "changed-query" in error


def test_a_lie_without_a_liar(runner, monkeypatch):
    monkeypatch.setenv("CLEANROOM_LYING_COORDINATOR", "/nonexistent")
    _, error = run(runner, fault(lie="replay"), code=1)
    assert "swift build --product cleanroom-lying-coordinator" in error
