"""TPC-H at scale 0.05, split between a retailer (customers, orders, line items) and its supplier (parts, suppliers, nations)."""
import os
import subprocess
import sys

from common import arguments

TABLES = {"retailer": ["customer", "orders", "lineitem"], "supplier": ["part", "supplier", "partsupp", "nation", "region"]}


def main():
    options = arguments(__doc__)
    generator = os.path.join(os.path.dirname(sys.executable), "tpchgen-cli")
    if not os.path.exists(generator):
        raise SystemExit("tpchgen-cli is not installed; list it under prepare.packages")
    for party, tables in TABLES.items():
        folder = os.path.join(options.output, party, "data")
        os.makedirs(folder, exist_ok=True)
        subprocess.run([generator, "parquet", "-s", "0.05", "--tables", ",".join(tables), "--output-dir", folder],
                       check=True, stdout=subprocess.DEVNULL)


main()
