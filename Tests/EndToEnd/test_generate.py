"""Made-up tables through the program: the sample file, seeds, formats, interruption, refusals."""
import hashlib
import os
import signal
import subprocess
import time

import duckdb
import pytest

from conftest import ROOT

SAMPLE = os.path.join(ROOT, "Configs", "synthetic-data.yaml")


def generate(binary, *arguments):
    return subprocess.run([binary, "generate", *map(str, arguments)], capture_output=True, text=True)


def hashes(folder):
    found = {}
    for where, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(where, name)
            with open(path, "rb") as file:
                found[os.path.relpath(path, folder)] = hashlib.sha256(file.read()).hexdigest()
    return found


@pytest.fixture(scope="module")
def sample(binary, tmp_path_factory):
    folder = tmp_path_factory.mktemp("generated") / "one"
    result = generate(binary, SAMPLE, "--output", folder)
    assert result.returncode == 0, result.stderr
    return folder, result.stdout


def test_the_sample_file_keeps_its_promises(sample):
    folder, said = sample
    assert sorted(hashes(folder)) == ["partner/data/impressions.parquet", "retailer/data/purchases.csv",
                                      "retailer/data/stores.csv"]
    assert "20000 people (40.0%) of partner.impressions occur in retailer.purchases." in said
    con = duckdb.connect()
    bought = f"read_csv('{folder}/retailer/data/purchases.csv')"
    seen = f"'{folder}/partner/data/impressions.parquet'"
    rows, customers, copies = con.sql(
        f"SELECT count(*), count(DISTINCT customer_id), count(*) - count(DISTINCT purchase_id) FROM {bought}").fetchone()
    assert (rows, customers, copies) == (400_000, 60_000, 2_000)
    assert con.sql(f"SELECT count(*), count(DISTINCT device_id) FROM {seen}").fetchone() == (300_000, 50_000)
    assert con.sql(f"SELECT count(*) FROM {bought} WHERE email IS NULL").fetchone()[0] == pytest.approx(8000, rel=0.1)
    # Nearly everybody has a clean row on both sides.
    matches = con.sql(f"SELECT count(DISTINCT email) FROM {bought} SEMI JOIN {seen} AS s ON email = s.user_email")
    assert 17_000 < matches.fetchone()[0] <= 20_000
    types = dict(con.sql(f"SELECT column_name, column_type FROM (DESCRIBE {seen})").fetchall())
    assert types["seen_at"] == "TIMESTAMP" and types["impression_id"] == "BIGINT"
    stores = f"read_csv('{folder}/retailer/data/stores.csv')"
    assert con.sql(f"SELECT count(*) FROM {bought} ANTI JOIN {stores} USING (store_id)").fetchone()[0] == 0


def test_seeds_decide(binary, sample, tmp_path):
    folder, _ = sample
    again = generate(binary, SAMPLE, "--output", tmp_path / "again", "--seed", 2025)
    assert again.returncode == 0 and hashes(tmp_path / "again") == hashes(folder)
    other = generate(binary, SAMPLE, "--output", tmp_path / "other", "--seed", 7, "--format", "csv")
    assert other.returncode == 0 and other.stdout.endswith("Seed 7.\n")
    made = hashes(tmp_path / "other")
    assert "partner/data/impressions.csv" in made and not set(made.values()) & set(hashes(folder).values())


def test_files_are_not_overwritten_unasked(binary, sample):
    folder, _ = sample
    before = hashes(folder)
    refused = generate(binary, SAMPLE, "--output", folder, "--seed", 8)
    assert refused.returncode == 1 and "exists already" in refused.stderr and hashes(folder) == before


LARGE = """
data:
  people: 1000
  tables:
    - {party: a, file: t.FORMAT, rows: 1000000000, columns: {email: email, day: {kind: date, from: 2025-01-01, to: 2025-12-31}}}
"""


@pytest.mark.parametrize("format", ["csv", "parquet"])
def test_an_interrupt_leaves_no_half_written_file(binary, tmp_path, format):
    (tmp_path / "large.yaml").write_text(LARGE.replace("FORMAT", format))
    with subprocess.Popen([binary, "generate", tmp_path / "large.yaml", "--output", tmp_path / "out"],
                          stderr=subprocess.PIPE, text=True) as process:
        deadline = time.monotonic() + 30
        while not hashes_exist(tmp_path / "out") and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 130, process.stderr.read()
    assert not hashes_exist(tmp_path / "out")


def hashes_exist(folder):
    return any(names for _, _, names in os.walk(folder))


def test_mistakes_are_named_with_their_line(binary, tmp_path):
    path = tmp_path / "wrong.yaml"
    path.write_text(LARGE.replace("FORMAT", "csv").replace("kind: date", "kind: dat"))
    result = generate(binary, path, "--output", tmp_path / "out")
    assert result.returncode == 78 and not (tmp_path / "out").exists()
    assert f"{path}:5:" in result.stderr and "Did you mean date?" in result.stderr
