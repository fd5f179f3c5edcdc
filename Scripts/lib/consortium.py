"""Starts and stops the daemons of a development consortium made by `cleanroom init`."""
import json
import os
import select
import signal
import socket
import subprocess
import threading
import time

from client import Client

CLEARED = ("AWS_CA_BUNDLE", "AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_CLEANROOMS", "AWS_ACCESS_KEY_ID",
           "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_REGION", "AWS_DEFAULT_REGION", "REQUESTS_CA_BUNDLE")


def free_base_port(count):
    """A base port whose coordinator and API ports are all free."""
    for base in range(20_000 + os.getpid() % 5000 * 2, 60_000, 97):
        try:
            for port in [base] + [base + 43 + index for index in range(count)]:
                with socket.socket() as probe:
                    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                    probe.bind(("127.0.0.1", port))
            return base
        except OSError:
            continue
    raise RuntimeError("no free ports")


class Daemon:
    """One daemon process; its log lines go to a file beside its configuration."""

    def __init__(self, arguments, log, environment=None):
        self.arguments, self.log, self.environment = arguments, log, environment or {}
        self.process, self.ready, self.is_killed = None, None, False

    def start(self, timeout=30):
        self.is_killed = False
        self.log_file = open(self.log, "ab")
        environment = {**os.environ, **self.environment}
        self.process = subprocess.Popen(
            self.arguments, stdout=subprocess.PIPE, stderr=self.log_file, stdin=subprocess.DEVNULL, env=environment)
        readable, _, _ = select.select([self.process.stdout], [], [], timeout)
        line = self.process.stdout.readline().decode().strip() if readable else ""
        if not line:
            code = self.process.poll()
            self.kill()
            raise RuntimeError(f"{' '.join(self.arguments)} did not get ready (exit code {code}); see {self.log}")
        self.ready = line
        threading.Thread(target=self.process.stdout.read, daemon=True).start()
        return self

    @property
    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def stop(self, timeout=12):
        """SIGTERM; returns the exit code."""
        if self.is_running:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.kill()
            raise RuntimeError(f"{' '.join(self.arguments)} did not stop within {timeout} s")

    def kill(self):
        if self.is_running:
            self.is_killed = True
            self.process.kill()
        if self.process:
            self.process.wait()

    def has_crashed(self):
        """Ended by a signal that nobody here sent."""
        return self.process is not None and (self.process.poll() or 0) < 0 and not self.is_killed

    def memory_peak(self):
        """Peak resident memory in bytes."""
        with open(f"/proc/{self.process.pid}/status") as status:
            for line in status:
                if line.startswith("VmHWM"):
                    return int(line.split()[1]) * 1024
        return 0

    def log_lines(self):
        with open(self.log, errors="replace") as file:
            return [line.rstrip("\n") for line in file]


class Consortium:
    def __init__(self, binary, folder, members, base_port=None):
        self.binary, self.folder = str(binary), str(folder)
        self.members = members  # [(account, name)]
        self.base_port = base_port or free_base_port(len(members))
        self.daemons = {}
        self.environment = {}

    def init(self):
        arguments = [self.binary, "init", self.folder, "--base-port", str(self.base_port)]
        for account, name in self.members:
            arguments += ["--member", f"{account}:{name}"]
        subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL)
        return self

    def profile(self, account):
        return "-".join(dict(self.members)[account].lower().split())

    def path(self, account, name=""):
        return os.path.join(self.folder, "members", account, name)

    def add_to_configuration(self, account, text):
        with open(self.path(account, "member.yaml"), "a") as file:
            file.write(text)

    def daemon(self, name):
        """`coordinator` or an account."""
        if name not in self.daemons:
            if name == "coordinator":
                config, command = os.path.join(self.folder, "coordinator", "coordinator.yaml"), "coordinator"
            else:
                config, command = self.path(name, "member.yaml"), "member"
            log = os.path.join(os.path.dirname(config), "daemon.log")
            self.daemons[name] = Daemon([self.binary, command, "--config", config], log, self.environment)
        return self.daemons[name]

    def start(self):
        for name in ["coordinator"] + [account for account, _ in self.members]:
            self.daemon(name).start()
        return self

    def stop(self):
        for daemon in reversed(list(self.daemons.values())):
            if daemon.is_running:
                daemon.stop()

    def kill(self):
        for daemon in self.daemons.values():
            daemon.kill()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        crashed = [name for name, daemon in self.daemons.items() if daemon.has_crashed()]
        self.kill()
        if crashed:
            raise RuntimeError(f"crashed: {crashed}; see the logs in {self.folder}")

    def client(self, account):
        return Client.from_profile(os.path.join(self.folder, "aws", "config"),
                                   os.path.join(self.folder, "aws", "credentials"), self.profile(account))

    def aws_environment(self):
        environment = {name: value for name, value in os.environ.items() if name not in CLEARED}
        environment["AWS_CONFIG_FILE"] = os.path.join(self.folder, "aws", "config")
        environment["AWS_SHARED_CREDENTIALS_FILE"] = os.path.join(self.folder, "aws", "credentials")
        return environment


def wait_for_query(client, membership, query, timeout=120):
    """Polls until the query has ended; returns the protectedQuery."""
    deadline = time.monotonic() + timeout
    while True:
        answer = client.call("GetProtectedQuery", membershipIdentifier=membership, protectedQueryIdentifier=query)
        if answer["protectedQuery"]["status"] in ("SUCCESS", "FAILED", "CANCELLED", "TIMED_OUT"):
            return answer["protectedQuery"]
        if time.monotonic() > deadline:
            raise TimeoutError(json.dumps(answer))
        time.sleep(0.02)
