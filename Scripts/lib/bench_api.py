"""Measures one operation at a member daemon: every request comes over TLS, is verified, answered and logged."""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time

from consortium import Consortium
from howto import PARTNER, RETAILER, collaboration

MEMBERS = [(RETAILER, "Acme Retail"), (PARTNER, "AdTech Partner")]
# What is asked for: of the coordinator, and of the member alone.
PATHS = {"GetCollaboration": "/collaborations/{collaboration}", "ListConfiguredTables": "/configuredTables"}
# Seconds; a signature is good for five minutes.
LONGEST_SLICE = 60
# Seconds between two looks at the daemons' memory.
INTERVAL = 2

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


class Memory(threading.Thread):
    """Looks at the resident memory of every daemon until it is told to stop."""

    def __init__(self, daemons):
        super().__init__(daemon=True)
        self.daemons, self.ended, self.began = daemons, threading.Event(), time.monotonic()
        self.samples = {name: [(0, resident(daemon))] for name, daemon in daemons.items()}

    def run(self):
        while not self.ended.wait(INTERVAL):
            for name, daemon in self.daemons.items():
                self.samples[name].append((time.monotonic() - self.began, resident(daemon)))

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.join()

    def figures(self, warm_up):
        return {name: figures(samples, warm_up) for name, samples in self.samples.items()}


def figures(samples, warm_up):
    """Memory of one daemon in MB: at some moments, and what it grew by from the first to the last quarter after the
    warm-up; None without enough time after it."""
    sizes = [size for _, size in samples]
    steady = [size for moment, size in samples if moment >= warm_up]
    quarter = len(steady) // 4
    growth = statistics.fmean(steady[-quarter:]) - statistics.fmean(steady[:quarter]) if quarter >= 3 else None
    return {"start": sizes[0], "warm": steady[0] if steady else None, "middle": sizes[len(sizes) // 2],
            "end": sizes[-1], "peak": max(sizes), "growth": growth}


def measure(options):
    with tempfile.TemporaryDirectory() as folder, Consortium(options.binary, folder + "/consortium", MEMBERS) as made:
        made.init().start()
        client = made.client(RETAILER)
        room = client.call("CreateCollaboration", **collaboration(True))["collaboration"]["id"]
        path = PATHS[options.operation].format(collaboration=room)
        daemons = {"member": made.daemon(RETAILER), "coordinator": made.daemon("coordinator"),
                   "other member": made.daemon(PARTNER)}
        slices, left = [], options.seconds
        with Memory(daemons) as memory:
            load(client, path, 3, options.connections, folder)
            while left > 0:
                slices.append(load(client, path, min(left, LONGEST_SLICE), options.connections, folder))
                left -= LONGEST_SLICE
        return {
            "operation": options.operation, "seconds": options.seconds,
            "rate": sum(one["requests"] for one in slices) / sum(one["seconds"] for one in slices),
            "p50": max(one["p50"] for one in slices), "p99": max(one["p99"] for one in slices),
            "errors": sum(one["errors"] for one in slices), "memory": memory.figures(options.warm_up)}


def misses(found, options):
    """What keeps the run from passing, in words."""
    words = [f"{found['errors']} requests failed"] if found["errors"] else []
    if options.limit_p99 and found["p99"] > options.limit_p99:
        words.append(f"p99 is above {options.limit_p99:g} ms")
    if options.limit_rate and found["rate"] < options.limit_rate:
        words.append(f"fewer than {options.limit_rate:g} requests a second")
    for name, sizes in found["memory"].items():
        if sizes["growth"] is not None and sizes["growth"] > options.limit_growth:
            words.append(f"the {name}'s memory grew by more than {options.limit_growth:g} MB after the warm-up")
    return words


def show(found, options):
    print(f"{found['operation']}: {found['rate']:.0f} requests a second over {options.connections} connections for "
          f"{options.seconds} s; p50 {found['p50']:.1f} ms, p99 {found['p99']:.1f} ms; {found['errors']} errors")
    for name, sizes in found["memory"].items():
        after = (f"grew by {sizes['growth']:+.1f} MB after {options.warm_up} s" if sizes["growth"] is not None
                 else f"too short a run to judge growth after {options.warm_up} s")
        print(f"  {name}: {sizes['start']:.0f} MB at the start, {sizes['middle']:.0f} in the middle, "
              f"{sizes['end']:.0f} at the end, {sizes['peak']:.0f} at most; {after}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", required=True)
    parser.add_argument("--operation", choices=PATHS, default="GetCollaboration")
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--warm-up", type=int, default=60)
    parser.add_argument("--json")
    parser.add_argument("--limit-p99", type=float)
    parser.add_argument("--limit-rate", type=float)
    parser.add_argument("--limit-growth", type=float, default=4)
    options = parser.parse_args()
    found = measure(options)
    show(found, options)
    if options.json:
        with open(options.json, "w") as file:
            json.dump(found, file, indent=2)
    words = misses(found, options)
    for reason in words:
        print(f"  MISSED: {reason}")
    sys.exit(1 if words else 0)


if __name__ == "__main__":
    main()
