"""The how-to's query, without its date filter, in the clean room and in plain DuckDB, in turn on the same files."""
import argparse
import csv
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

import duckdb

import howto
from consortium import Consortium, wait_for_query
from howto import PARTNER, RETAILER

SQL = howto.SQL.replace("WHERE YEAR(p.purchase_date) = 2025 AND MONTH(p.purchase_date) = 12 ", "")

RETAIL = """
catalog:
  retail_analytics:
    purchases:
      source: {csv: data/purchases.csv}
      columns: {purchase_amount: {type: "decimal(12,2)"}}
      keys: {hashed_email: {form: sha256-hex}}
"""
PARTNERS = """
catalog:
  ad_platform:
    impressions:
      source: {csv: data/impressions.csv}
      keys: {hashed_email: {form: sha256-hex}}
"""

PLAIN = """
import duckdb, sys, time
duckdb.sql("SET enable_progress_bar = false")
began = time.monotonic()
duckdb.sql(open(sys.argv[1]).read()).write_csv(sys.argv[2])
print(time.monotonic() - began)
"""


def write_data(consortium, rows):
    """Two rows a person and side on average; half of the people are on both sides."""
    duckdb.sql(f"""COPY (SELECT sha256('p' || hash(i * 7919) % {rows // 2}) AS hashed_email,
        DATE '2025-01-01' + CAST(hash(i) % 365 AS INTEGER) AS purchase_date, 'Category ' || hash(i + 1) % 12 AS product_category,
        CAST(hash(i + 2) % 50000 / 100.0 AS DECIMAL(12,2)) AS purchase_amount, 'Region ' || hash(i + 3) % 5 AS store_region
        FROM range({rows}) t(i)) TO '{consortium.path(RETAILER, 'data/purchases.csv')}' (HEADER)""")
    duckdb.sql(f"""COPY (SELECT sha256('p' || (hash(i * 104729) % {rows // 2} + {rows // 4})) AS hashed_email,
        'Campaign ' || hash(i) % 8 AS campaign_name, DATE '2025-11-01' + CAST(hash(i + 1) % 60 AS INTEGER) AS impression_date,
        'Channel ' || hash(i + 2) % 5 AS channel FROM range({rows}) t(i))
        TO '{consortium.path(PARTNER, 'data/impressions.csv')}' (HEADER)""")


def cpu_seconds(daemon):
    with open(f"/proc/{daemon.process.pid}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def plain_sql(consortium):
    source = SQL.replace("FROM purchases p", f"FROM read_csv('{consortium.path(RETAILER, 'data/purchases.csv')}', "
                         "types = {'purchase_amount': 'DECIMAL(12,2)'}) p")
    return source.replace("JOIN ad_impressions ai",
                          f"JOIN read_csv('{consortium.path(PARTNER, 'data/impressions.csv')}') ai")


def plain(folder):
    result = subprocess.run([sys.executable, "-c", PLAIN, f"{folder}/plain.sql", f"{folder}/plain.csv"],
                            capture_output=True, text=True, check=True)
    return float(result.stdout)


def clean_room(consortium, client, membership):
    began = time.monotonic()
    before = sum(cpu_seconds(daemon) for daemon in consortium.daemons.values())
    answer = client.call("StartProtectedQuery", type="SQL", membershipIdentifier=membership,
                         sqlParameters={"queryString": SQL}, resultConfiguration=howto.output("bench/"))
    ended = wait_for_query(client, membership, answer["protectedQuery"]["id"], timeout=600)
    wall = time.monotonic() - began
    if ended["status"] != "SUCCESS":
        sys.exit(f"bench: {ended}")
    cpu = sum(cpu_seconds(daemon) for daemon in consortium.daemons.values()) - before
    return wall, cpu, ended["result"]["output"]["s3"]["location"]


def groups(path):
    """Groups with their people and totals; averages differ in how they are printed."""
    with open(path, newline="") as file:
        return sorted(tuple(row[:5]) for row in list(csv.reader(file))[1:])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json")
    parser.add_argument("--limit", type=float)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="cleanroom-bench-") as folder, Consortium(
            options.binary, os.path.join(folder, "room"), [(RETAILER, "Acme Retail"), (PARTNER, "AdTech Partner")]) as room:
        room.init()
        write_data(room, options.rows)
        room.add_to_configuration(RETAILER, RETAIL)
        room.add_to_configuration(PARTNER, PARTNERS)
        room.start()
        ids = howto.set_up(howto.OurCaller(room))
        client = room.client(RETAILER)
        with open(f"{folder}/plain.sql", "w") as file:
            file.write(plain_sql(room))
        walls, cpus, plains = [], [], []
        for run in range(options.runs):
            plains.append(plain(folder))
            wall, cpu, location = clean_room(room, client, ids["retail_membership"])
            walls.append(wall)
            cpus.append(cpu)
            print(f"run {run + 1}: clean room {wall:.2f} s ({cpu:.2f} CPU s), plain DuckDB {plains[-1]:.2f} s", flush=True)
        same = groups(os.path.join(room.path(RETAILER, "results"), *location.split("/")[3:])) == groups(f"{folder}/plain.csv")
        peaks = {name: daemon.memory_peak() >> 20 for name, daemon in room.daemons.items()}
    outcome = {"rows": options.rows, "runs": options.runs, "cleanRoomSeconds": round(statistics.median(walls), 3),
               "cleanRoomCPUSeconds": round(statistics.median(cpus), 3), "plainSeconds": round(statistics.median(plains), 3),
               "ratio": round(statistics.median(walls) / statistics.median(plains), 3), "equalGroups": same,
               "peakMiB": peaks, "cores": os.cpu_count(), "duckdb": duckdb.__version__}
    print(json.dumps(outcome, indent=2))
    if options.json:
        with open(options.json, "w") as file:
            json.dump(outcome, file, indent=2)
    if not same or (options.limit and outcome["ratio"] > options.limit):
        sys.exit(1)


if __name__ == "__main__":
    main()
