"""Runs the founding how-to on three daemons and shows what came back and what left each organization."""
import argparse
import csv
import glob
import os
import shutil
import subprocess
import sys
import tempfile
import time

import demo_data
import disclosure
import howto
from consortium import Consortium, wait_for_query
from howto import PARTNER, RETAILER

MEMBERS = [(RETAILER, "Acme Retail"), (PARTNER, "AdTech Partner")]


def heading(text):
    print(f"\n== {text}", flush=True)


def parse():
    parser = argparse.ArgumentParser(prog="Scripts/demo", description=__doc__)
    parser.add_argument("--binary", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--root", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--dir", help="a folder that does not exist yet")
    parser.add_argument("--keep-running", action="store_true", help="leave the daemons running at the end")
    parser.add_argument("--scale", type=float, default=1.0, help="1 is 100,000 customers")
    parser.add_argument("--without-aws", action="store_true", help="use our own client even if the AWS CLI is there")
    return parser.parse_args()


def new_folder(options):
    if options.dir:
        if os.path.exists(options.dir):
            sys.exit(f"demo: {options.dir} exists already; name a folder that does not")
        return os.path.abspath(options.dir)
    os.makedirs(os.path.join(options.root, "demo"), exist_ok=True)
    folder = tempfile.mkdtemp(prefix=time.strftime("%Y%m%d-%H%M%S-"), dir=os.path.join(options.root, "demo"))
    os.rmdir(folder)
    return folder


def find_aws():
    cache = os.path.join(os.environ.get("XDG_CACHE_HOME", os.path.expanduser("~/.cache")), "cleanroom")
    installed = sorted(glob.glob(os.path.join(cache, "aws-*", "bin", "aws")))
    return installed[-1] if installed else shutil.which("aws")


def print_table(path, limit=12):
    with open(path, newline="") as file:
        rows = list(csv.reader(file))
    shown = rows[:limit + 1]
    widths = [max(len(row[index]) for row in shown) for index in range(len(rows[0]))]
    for row in shown:
        print("  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths)))
    if len(rows) > len(shown):
        print(f"  … {len(rows) - 1} rows in all")


def check_disclosure(consortium):
    """Whether any raw value occurs in what was sent; returns what was found."""
    heading("Search of everything that was sent")
    samples = {RETAILER: ("data/purchases.csv", ["email", "customer_id", "full_name", "hashed_email"]),
               PARTNER: ("data/impressions.csv", ["user_email", "device_id", "ip_address"])}
    problems = []
    for account, name in consortium.members:
        data = disclosure.recorded(consortium.path(account, "link"))
        file, columns = samples[account]
        canaries = [value for values in disclosure.sample(consortium.path(account, file), columns, 100).values()
                    for value in values]
        found = disclosure.search(data, canaries)
        size = sum(len(content) for content in data.values())
        print(f"  {name}: {size:,} bytes on {len(data)} connections, searched for every raw identifier's form and for "
              f"{len(canaries)} planted values in {len(disclosure.encodings('x' * 20))} encodings: "
              + ("none found" if not found else f"FOUND {found[:5]}"))
        problems += found
    return problems


def run_howto(consortium, call):
    heading(f"The how-to, with {call.name}")
    if isinstance(call, howto.AWSCaller):
        print("  (the first command leaves out what the CLI insists on, so its profile sets parameter_validation = false)")
    ids = howto.set_up(call, say=lambda text: print("  " + text, flush=True))
    print("  Step 6: run a collaborative query", flush=True)
    began = time.monotonic()
    query = howto.start_query(call, ids)
    ended = wait_for_query(consortium.client(RETAILER), ids["retail_membership"], query)
    answer = call(RETAILER, "GetProtectedQuery", membershipIdentifier=ids["retail_membership"],
                  protectedQueryIdentifier=query)["protectedQuery"]
    listed = call(RETAILER, "ListProtectedQueries", membershipIdentifier=ids["retail_membership"], status="COMPLETED")
    print(f"  status {answer['status']} after {time.monotonic() - began:.1f} s, "
          f"{answer.get('statistics', {}).get('totalDurationInMillis', 0)} ms of it in the clean room; "
          f"{len(listed['protectedQueries'])} completed query in the list")
    if ended["status"] != "SUCCESS":
        sys.exit(f"demo: the query ended as {ended['status']}: {ended.get('error')}")
    location = answer["result"]["output"]["s3"]["location"]
    heading(f"The result, {location}")
    print_table(os.path.join(consortium.path(RETAILER, "results"), *location.split("/")[3:]))
    heading("A query that the rules forbid")
    print("  " + howto.REFUSED_SQL)
    try:
        howto.start_query(call, ids, howto.REFUSED_SQL)
        sys.exit("demo: the query should have been refused")
    except howto.Refused as refusal:
        print("  " + str(refusal).replace("\n", "\n  "))
    return ids


def show_ledgers(consortium):
    heading("What left each organization (its own, signed record)")
    for account, name in consortium.members:
        print(f"  {name}:")
        for command in ("show", "verify"):
            result = subprocess.run(
                [consortium.binary, "ledger", command, "--config", consortium.path(account, "member.yaml")],
                capture_output=True, text=True, check=True)
            print("    " + result.stdout.strip().replace("\n", "\n    "))


def explain_exploring(consortium, options):
    heading("Explore")
    folder = consortium.folder
    print(f"  Everything is in {folder}. " + ("The daemons are running." if options.keep_running else
          "The daemons have been stopped; start them again with:"))
    if not options.keep_running:
        print(f"    {consortium.binary} coordinator --config {folder}/coordinator/coordinator.yaml &")
        for account, _ in consortium.members:
            print(f"    {consortium.binary} member --config {consortium.path(account, 'member.yaml')} &")
    print(f"""  and ask them with:
    unset AWS_CA_BUNDLE
    export AWS_CONFIG_FILE={folder}/aws/config AWS_SHARED_CREDENTIALS_FILE={folder}/aws/credentials
    {find_aws() or 'aws'} --profile acme-retail cleanrooms list-collaborations
  What each member sent, in clear, is in members/ACCOUNT/link; logs are in daemon.log beside each configuration.""")


def main():
    options = parse()
    folder = new_folder(options)
    heading(f"A consortium in {folder}")
    consortium = Consortium(options.binary, folder, MEMBERS).init()
    print("  one authority, a coordinator, and the members Acme Retail and AdTech Partner")
    demo_data.write_demo(consortium.path(RETAILER, "data"), consortium.path(PARTNER, "data"), options.scale)
    consortium.add_to_configuration(RETAILER, demo_data.RETAIL_CATALOG)
    consortium.add_to_configuration(PARTNER, demo_data.PARTNER_CATALOG)
    for account, name in MEMBERS:
        # Only for this demonstration: a recording of the link, to search it afterwards.
        consortium.daemon(account).environment = {"CLEANROOM_RECORD_LINK": consortium.path(account, "link")}
    try:
        consortium.start()
        for name in ["coordinator"] + [account for account, _ in MEMBERS]:
            print("  " + consortium.daemon(name).ready)
        aws = None if options.without_aws else find_aws()
        run_howto(consortium, howto.AWSCaller(consortium, aws) if aws else howto.OurCaller(consortium))
        show_ledgers(consortium)
        problems = check_disclosure(consortium)
        if not options.keep_running:
            consortium.stop()
        explain_exploring(consortium, options)
    except BaseException:
        consortium.kill()
        raise
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
