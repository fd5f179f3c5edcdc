"""`cleanroom scenario run`: real daemons, steps, expectations, and nothing left behind."""
import json
import os
import re
import signal
import time
import uuid

import pytest

from scenario_files import PARTIES, SET_UP, SPY, SQL, Runner, call, query, setting_up

FAILING = call("retailer", "GetCollaboration", collaborationIdentifier=str(uuid.UUID(int=7)))
WAITING = '  - {as: retailer, call: ListCollaborations, until: {"collaborationList[0].name": never}, limit: 3s}\n'
REFUSED = {"refused": {"error": "ValidationException", "reason": "INVALID_QUERY", "messages": ["email"]}}
CHECKS = "checks: {ledgers: intact, daemons: running, results: {retailer: 1, partner: 0}}\n"


@pytest.fixture
def runner(binary, tmp_path):
    return Runner(binary, tmp_path)


def test_all_as_expected(runner):
    good = query({"status": "SUCCESS", "columns": ["store_region", "people"], "rows": 4, "receivers": ["retailer"],
                  "released": {"retailer": {"purchases": {"hashed_email": "TOKEN", "store_region": "VALUE"}},
                               "partner": {"ad_impressions": {"hashed_email": "TOKEN"}}}})
    out, _ = runner.steps(setting_up() + query(REFUSED, SPY) + good, checks=CHECKS)
    assert out.count("\nok  ") == SET_UP + 2 + 3
    assert f"All {SET_UP + 2} steps and 3 checks came out as expected." in out
    assert "\x1b" not in out
    assert os.listdir(runner.folder / "tmp") == []


def test_an_unmet_expectation_says_what_and_where(runner):
    text = PARTIES + setting_up() + query({"rows": 3}) + query()
    line = text[:text.index('"rows": 3')].count("\n") + 1
    _, error = runner.run(text, code=1)
    assert error == (
        f"cleanroom: step {SET_UP + 1} (test.yaml, line {line}) did not come out as expected\n"
        "  call:     retailer: StartProtectedQuery\n"
        "  expected: exactly 3 rows in the result\n"
        "  seen:     4\n")


def test_the_remaining_steps_are_not_run_and_the_report_is_written(runner):
    report = runner.folder / "report.html"
    out, _ = runner.steps(FAILING + call("retailer", "ListCollaborations"), "--report",
                          report, code=1)
    assert "ListCollaborations" not in out
    assert "ListCollaborations" in report.read_text()


def test_a_call_that_is_refused_against_expectation(runner):
    _, error = runner.steps(FAILING, code=1)
    assert "expected: the call to be answered" in error and "not found" in error


def test_a_closing_check_that_does_not_hold(runner):
    _, error = runner.steps(call("retailer", "ListCollaborations"), checks="checks: {results: {retailer: 1}}\n", code=1)
    assert "retailer should hold 1 results and holds 0" in error


@pytest.mark.parametrize("text, words", [
    ("tittle: x\n", "tittle"), ("title: x\nparties: {}\nsteps: []\n", "parties"),
    (PARTIES + "  - {as: retailer, call: CreateColaboration}\n", "CreateColaboration"),
])
def test_a_file_that_is_not_right(runner, text, words):
    out, error = runner.run(text, code=78)
    assert words in error and re.search(r"test\.yaml:\d+:\d+", error), error
    assert out == ""


def test_parallel_steps_begin_together(runner):
    """Each would wait for ever: were they run one after the other, the second would not have ended after the first."""
    waiting = WAITING.replace("  - ", "      - ") * 4
    began = time.monotonic()
    out, _ = runner.steps("  - parallel:\n" + waiting, code=1)
    assert time.monotonic() - began < 9
    assert all(f"1.{number}" in out for number in range(1, 5))


def test_parallel_queries(runner):
    both = "  - parallel:\n" + query({"rows": 4}).replace("  - ", "      - ") * 3
    runner.steps(setting_up() + both, checks="checks: {results: {retailer: 3}}\n")


def test_until_and_limit(runner):
    _, error = runner.steps(WAITING, code=1)
    assert "expected: an end within 3 s" in error and "it was still going on" in error


def test_the_work_folder_is_kept_when_it_is_given(runner):
    place = runner.folder / "kept"
    out, _ = runner.steps(call("retailer", "ListCollaborations"), "--workdir", place)
    assert f"The run's files and logs are in {place}." in out
    assert (place / "logs" / "retailer.log").stat().st_size > 0
    _, error = runner.steps(call("retailer", "ListCollaborations"), "--workdir", place, code=1)
    assert "is not empty" in error


def test_the_work_folder_is_kept_after_a_failure(runner):
    out, _ = runner.steps(FAILING, code=1)
    [name] = os.listdir(runner.folder / "tmp")
    assert f"{runner.folder}/tmp/{name}" in out


def test_the_seed(runner):
    steps = call("retailer", "CreateCollaboration", {"x": "collaboration.id"}, name="seed ${run.seed}", description="x",
                 creatorMemberAbilities=[], creatorDisplayName="A", members=[], queryLogStatus="ENABLED")
    steps = steps.replace("}\n", ', "expect": {"output": {"collaboration.name": "seed 41"}}}\n')
    runner.steps(steps, "--seed", 41)
    _, error = runner.steps(steps, code=1)
    assert '"seed 7"' in error


@pytest.mark.parametrize("delay", [0.05, 0.4, 1, 2, 4])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL],
                         ids=["INT", "TERM", "HUP", "KILL"])
def test_an_interruption_leaves_nothing(runner, number, delay):
    report = runner.folder / "report.html"
    process = runner.start(PARTIES + setting_up() + query() * 20 + "  - wait: 60s\n", "--report", report)
    time.sleep(delay)
    process.send_signal(number)
    _, error = process.communicate(timeout=20)
    expected = -number if number == signal.SIGKILL or process.returncode < 0 else 130
    assert process.returncode == expected, error
    runner.nothing_is_left()
    deadline = time.monotonic() + 10
    while os.listdir(runner.folder / "tmp") and time.monotonic() < deadline:
        time.sleep(0.1)
    assert os.listdir(runner.folder / "tmp") == []
    assert not [name for name in os.listdir(runner.folder) if "report" in name]


def test_data_of_a_script(runner):
    """The script runs with the seed, in an environment with its packages; what it writes are the parties' files."""
    (runner.folder / "make.py").write_text(
        "import argparse, os\np = argparse.ArgumentParser()\np.add_argument('--output')\np.add_argument('--seed')\n"
        "a = p.parse_args()\nos.makedirs(a.output + '/retailer/data')\n"
        "open(a.output + '/retailer/data/made.txt', 'w').write(a.seed)\n")
    text = PARTIES.replace("parties:\n", "prepare: {packages: [], script: make.py}\nparties:\n", 1)
    place = runner.folder / "kept"
    runner.run(text + call("retailer", "ListCollaborations"), "--workdir", place)
    assert (place / "consortium/members/123456789012/data/made.txt").read_text() == "7"


def test_a_script_that_fails(runner):
    (runner.folder / "make.py").write_text("raise SystemExit('no weather today')")
    text = PARTIES.replace("parties:\n", "prepare: {packages: [], script: make.py}\nparties:\n", 1)
    _, error = runner.run(text + call("retailer", "ListCollaborations"), code=1)
    assert "make.py failed: no weather today" in error


def test_without_python(runner, monkeypatch):
    (runner.folder / "make.py").write_text("")
    os.mkdir(runner.folder / "bin")
    for tool in ("setpriv", "env"):
        os.symlink(f"/usr/bin/{tool}", runner.folder / "bin" / tool)
    monkeypatch.setenv("PATH", str(runner.folder / "bin"))
    text = PARTIES.replace("parties:\n", "prepare: {packages: [], script: make.py}\nparties:\n", 1)
    process = runner.start(text + call("retailer", "ListCollaborations"))
    _, error = process.communicate(timeout=30)
    assert process.returncode == 1 and "needs Python 3: apt-get install python3-venv" in error, error


def test_a_daemon_that_dies_by_itself_is_not_passed_over(runner):
    place = runner.folder / "kept"
    process = runner.start(PARTIES + "  - wait: 4s\n", "--workdir", place)
    deadline = time.monotonic() + 20
    while not (daemons := [number for number, line in runner.processes().items() if "members/987654321098" in line
                           and "ready" in (place / "logs/partner.out").read_text()]):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    os.kill(daemons[0], signal.SIGKILL)
    out, error = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "the closing check daemons of test.yaml does not hold: partner: it was ended by signal 9" in error


DATA = """
data:
  people: 2000
  tables:
    - {party: retailer, file: data/purchases.csv, people: 1000, rows: 4000, columns: {
       hashed_email: email, store_region: {kind: category, values: {north: 1, south: 1}}}}
    - {party: partner, file: data/impressions.csv, people: 1000, rows: 3000, columns: {
       user_email: email, campaign_name: {kind: category, values: {a: 1, b: 1}}}}
"""


def test_the_same_seed_gives_the_same_data_and_results(runner):
    text = PARTIES.replace("parties:\n", DATA + "parties:\n", 1)
    text = re.sub(r"    files: .*\n", "", text)
    text = text.replace('{purchase_amount: {type: "decimal(12,2)"}, purchase_date: {type: date}}',
                        '{}').replace("keys: {hashed_email: {form: sha256-hex}}", "keys: {hashed_email: {form: email}}")
    text = text.replace("{impression_date: {type: date}, hashed_email: {sha256: user_email, normalize: email}}", "{}")

    def outcome(name, *options):
        place = runner.folder / name
        runner.run(text + "  - wait: 10ms\n", "--workdir", place, *options)
        return [(place / "consortium/members" / path).read_bytes() for path in
                ("123456789012/data/purchases.csv", "987654321098/data/impressions.csv")]

    first = outcome("first")
    assert first == outcome("second")
    assert first != outcome("third", "--seed", 8)


def test_an_unknown_party_in_the_data(runner):
    text = PARTIES.replace("parties:\n", DATA.replace("party: partner", "party: nobody") + "parties:\n", 1)
    _, error = runner.run(text + "  - wait: 10ms\n", code=78)
    assert "nobody" in error


def test_a_captured_run(runner):
    report = runner.folder / "report.html"
    out, _ = runner.steps(setting_up() + query({"rows": 4}), "--capture", "--report", report,
                          checks="checks: {disclosure: none}\n")
    assert re.search(r"nothing withheld was found in \d{5,} bytes", out)
    assert "user_email" in report.read_text()


def test_check_reads_only(runner, binary):
    import subprocess
    path = runner.write(PARTIES + setting_up())
    done = subprocess.run([binary, "scenario", "check", str(path)], capture_output=True, text=True)
    assert done.returncode == 0 and "2 parties, 8 steps" in done.stdout, done.stderr
    schema = subprocess.run([binary, "scenario", "schema"], capture_output=True, text=True).stdout
    assert json.loads(schema)["$schema"].startswith("https://json-schema.org/")
