"""The scenarios under Configs/scenarios: all are read; two that need nothing from elsewhere are run, as a smoke test of them."""
import glob
import os
import re
import subprocess

import pytest

import report_page

FOLDER = os.path.join(os.path.dirname(__file__), "..", "..", "Configs", "scenarios")
FILES = sorted(glob.glob(os.path.join(FOLDER, "*.yaml")))


def scenario(binary, *arguments, timeout=240):
    return subprocess.run([binary, "scenario", *map(str, arguments)], capture_output=True, text=True, timeout=timeout)


def test_all_are_read(binary):
    assert len(FILES) >= 9
    for file in FILES:
        result = scenario(binary, "check", file)
        assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("name, refused", [("retail-campaign", 2), ("banks", 2)])
def test_one_runs_and_its_report_can_be_read(binary, tmp_path, name, refused):
    report = tmp_path / "report.html"
    result = scenario(binary, "run", os.path.join(FOLDER, name + ".yaml"), "--capture", "--report", report)
    assert result.returncode == 0, result.stdout + result.stderr
    searched = re.search(r"disclosure: nothing withheld was found in (\d+) bytes", result.stdout)
    assert searched and int(searched.group(1)) > 100_000, result.stdout
    assert result.stdout.count("ValidationException (INVALID_QUERY)") + result.stdout.count("AccessDenied") >= refused
    report_page.check(report)
    # One file that loads nothing.
    assert not re.search(r"(src|href)=[\"']?(https?:)?//", report.read_text())
