"""Measures GetCollaboration: every request is verified, asked of the coordinator and answered over TLS."""
import argparse
import json
import os
import subprocess
import sys
import tempfile

from consortium import Consortium
from howto import PARTNER, RETAILER, collaboration

MEMBERS = [(RETAILER, "Acme Retail"), (PARTNER, "AdTech Partner")]
# Seconds; a signature is good for five minutes, and memory is looked at after each.
LONGEST_SLICE = 60

SCRIPT = """
%s
done = function(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format('RESULT {"requests": %%d, "seconds": %%f, "p50": %%f, "p99": %%f, "errors": %%d}\\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
"""


def load(client, path, seconds, connections, folder):
    """One run of wrk with requests signed now."""
    headers = client.sign("GET", path, "", b"")
    script = os.path.join(folder, "signed.lua")
    with open(script, "w") as file:
        file.write(SCRIPT % "\n".join(f'wrk.headers["{name}"] = "{value}"' for name, value in headers.items()))
    output = subprocess.run(
        ["wrk", "-t", str(min(2, connections)), "-c", str(connections), "-d", f"{seconds}s", "-s", script,
         f"https://{client.host}:{client.port}{path}"], capture_output=True, text=True, check=True).stdout
    return json.loads(output.split("RESULT ", 1)[1])


def resident(daemon):
    """Resident memory in MB."""
    with open(f"/proc/{daemon.process.pid}/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS"))


def measure(options):
    with tempfile.TemporaryDirectory() as folder, Consortium(options.binary, folder + "/consortium", MEMBERS) as made:
        made.init().start()
        client, daemons = made.client(RETAILER), [made.daemon(RETAILER), made.daemon("coordinator")]
        path = "/collaborations/" + client.call("CreateCollaboration", **collaboration(True))["collaboration"]["id"]
        load(client, path, 3, options.connections, folder)
        memory, slices, left = [[resident(daemon) for daemon in daemons]], [], options.seconds
        while left > 0:
            slices.append(load(client, path, min(left, LONGEST_SLICE), options.connections, folder))
            memory.append([resident(daemon) for daemon in daemons])
            left -= LONGEST_SLICE
        return {
            "rate": sum(one["requests"] for one in slices) / sum(one["seconds"] for one in slices),
            "p50": max(one["p50"] for one in slices), "p99": max(one["p99"] for one in slices),
            "errors": sum(one["errors"] for one in slices), "seconds": options.seconds,
            "memory": {"member": [sizes[0] for sizes in memory], "coordinator": [sizes[1] for sizes in memory]}}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", required=True)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--json")
    parser.add_argument("--limit-p99", type=float)
    parser.add_argument("--limit-rate", type=float)
    options = parser.parse_args()
    found = measure(options)
    print(f"GetCollaboration: {found['rate']:.0f} requests a second over {options.connections} connections for "
          f"{options.seconds} s; p50 {found['p50']:.1f} ms, p99 {found['p99']:.1f} ms; {found['errors']} errors")
    for name, sizes in found["memory"].items():
        print(f"  {name}: {sizes[0]:.0f} MB before, then {', '.join(f'{size:.0f}' for size in sizes[1:])} MB")
    if options.json:
        with open(options.json, "w") as file:
            json.dump(found, file, indent=2)
    misses = found["errors"] or options.limit_p99 and found["p99"] > options.limit_p99 or (
        options.limit_rate and found["rate"] < options.limit_rate)
    sys.exit(1 if misses else 0)


if __name__ == "__main__":
    main()
