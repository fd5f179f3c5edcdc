"""What the preparation scripts share: arguments, files of installed packages, and tables as CSV."""
import argparse
import csv
import importlib.util
import os


def arguments(text):
    parser = argparse.ArgumentParser(description=text)
    parser.add_argument("--output", required=True, help="one folder per party is made in it")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def package_file(package, *names):
    """A file inside an installed package, found without importing it: its own requirements are not needed."""
    found = importlib.util.find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise SystemExit(f"the package {package} is not installed; list it under prepare.packages")
    path = os.path.join(list(found.submodule_search_locations)[0], *names)
    if not os.path.exists(path):
        raise SystemExit(f"the package {package} has no file {'/'.join(names)}; use the version the scenario names")
    return path


def rows(file):
    """Rows as dictionaries; surrounding blanks of names and values do not count."""
    for row in csv.DictReader(file, skipinitialspace=True):
        yield {name.strip(): (value or "").strip() for name, value in row.items()}


class Table:
    """Writes a party's CSV file. None and '' become NULL."""

    def __init__(self, output, party, name, columns):
        folder = os.path.join(output, party, "data")
        os.makedirs(folder, exist_ok=True)
        self.file = open(os.path.join(folder, name + ".csv"), "w", newline="", encoding="utf-8")
        self.out = csv.writer(self.file, lineterminator="\n")
        self.out.writerow(columns)

    def write(self, *values):
        self.out.writerow(["" if value is None else value for value in values])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()
