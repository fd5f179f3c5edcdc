"""`--isolate`: the operating system itself keeps one party from another's files and sockets."""
import json
import os
import signal
import subprocess
import time

import pytest

from scenario_files import PARTIES, Runner, call, query, setting_up

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="makes users and networks, which only root may")


@pytest.fixture
def runner(binary, tmp_path_factory):
    # Of this test's own, in a place that the parties' users can reach.
    import tempfile
    with tempfile.TemporaryDirectory(prefix="cleanroom-isolated-") as folder:
        os.chmod(folder, 0o755)
        import pathlib
        made = Runner(binary, pathlib.Path(folder))
        os.chmod(made.folder / "tmp", 0o755)
        yield made


def networks():
    names = subprocess.run(["ip", "netns", "list"], capture_output=True, text=True).stdout
    links = subprocess.run(["ip", "-o", "link"], capture_output=True, text=True).stdout
    return sorted(names.split("\n")), sorted(line.split(":")[1] for line in links.split("\n") if line)


def as_party(cell, *command):
    return subprocess.run(
        ["nsenter", f"--net=/run/netns/{cell['namespace']}", "setpriv", "--reuid", str(cell["user"]), "--regid",
         str(cell["user"]), "--clear-groups", "--", *command], capture_output=True, text=True)


def connect(host, port):
    return ("bash", "-c", f"timeout 3 bash -c 'exec 3<>/dev/tcp/{host}/{port}' && echo connected")


def listening(configuration):
    """Host and port of the only listener that a configuration names."""
    [line] = [line for line in open(configuration) if "listen" in line]
    host, port = line.split("listen:")[1].strip().strip("\"'{}").split(":")
    return host, port


def test_a_whole_run(runner):
    before = networks()
    out, _ = runner.steps(setting_up() + query({"rows": 4}), "--isolate", checks="checks: {ledgers: intact}\n")
    assert "came out as expected" in out
    assert networks() == before


def test_parties_are_apart(runner):
    before = networks()
    place = runner.folder / "kept"
    process = runner.start(PARTIES + setting_up() + query() + "  - wait: 60s\n", "--isolate", "--workdir", place)
    try:
        wait_for(lambda: "SUCCESS" in tail(process))
        cells = json.loads((place / "isolation.json").read_text())
        consortium = place / "consortium"
        own, other = cells["retailer"], cells["partner"]
        assert own["user"] != other["user"] and own["namespace"] != other["namespace"]
        data = {"retailer": consortium / "members/123456789012", "partner": consortium / "members/987654321098"}
        # The same commands that fail for another party work for oneself: they fail for no other reason.
        for cell, works in ((own, False), (other, True)):
            for name in ("data/impressions.csv", "state/ledger.sqlite", "identity.key", "credentials"):
                read = as_party(cell, "head", "-c", "1", str(data["partner"] / name))
                assert (read.returncode == 0) is works, (name, read)
            address = listening(data["partner"] / "member.yaml")
            assert ("connected" in as_party(cell, *connect(*address)).stdout) is works
        assert "connected" in as_party(own, *connect(*listening(consortium / "coordinator/coordinator.yaml"))).stdout
        # The daemons themselves run so.
        for name, cell in cells.items():
            [process_id] = [number for number, line in runner.processes().items()
                            if f"--config {data.get(name, consortium / 'coordinator')}/" in line]
            assert f"\nUid:\t{cell['user']}\t{cell['user']}\t" in open(f"/proc/{process_id}/status").read()
            assert os.readlink(f"/proc/{process_id}/ns/net") != os.readlink("/proc/self/ns/net")
        assert as_party(own, "cat", str(consortium / "ca/authority.key")).returncode != 0
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)
    runner.nothing_is_left()
    assert networks() == before


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
@pytest.mark.parametrize("delay", [0.1, 0.5, 1.5, 3])
def test_networks_go_with_the_run(runner, number, delay):
    before = networks()
    process = runner.start(PARTIES + setting_up() + query() * 20 + "  - wait: 60s\n", "--isolate")
    time.sleep(delay)
    process.send_signal(number)
    process.communicate(timeout=20)
    runner.nothing_is_left()
    wait_for(lambda: networks() == before and os.listdir(runner.folder / "tmp") == [])


def test_without_root(runner, binary):
    command = ["setpriv", "--reuid", "12345", "--regid", "12345", "--clear-groups", "--", binary, "scenario", "run",
               str(runner.write(PARTIES + call("retailer", "ListCollaborations"))), "--isolate"]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "TMPDIR": "/tmp"})
    assert done.returncode == 1 and "Run it with sudo" in done.stderr, done.stderr


def wait_for(condition, limit=30):
    deadline = time.monotonic() + limit
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


SEEN = {}


def tail(process):
    """What the run has said so far."""
    os.set_blocking(process.stdout.fileno(), False)
    try:
        SEEN[process.pid] = SEEN.get(process.pid, "") + (process.stdout.read() or "")
    except (BlockingIOError, TypeError):
        pass
    return SEEN.get(process.pid, "")
