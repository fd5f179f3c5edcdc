"""A room whose links run through recording relays, and what has leaked, if anything."""
import csv
import json
import os
import subprocess

from howto import PARTNER, RETAILER
from room import Room

MEMBERS = [(RETAILER, "Acme Retail"), (PARTNER, "AdTech Partner")]
PARTIES = {RETAILER: "retailer", PARTNER: "partner"}
TABLES = [
    {"party": "retailer", "name": "purchases", "format": "csv", "identifiers": ["hashed_email"],
     "permitted": ["purchase_date", "product_category", "purchase_amount", "store_region"]},
    {"party": "partner", "name": "ad_impressions", "format": "csv", "identifiers": ["hashed_email"],
     "permitted": ["campaign_name", "channel", "impression_date"],
     "derived": [{"name": "hashed_email", "source": "user_email", "normalize": "email"}]},
]
SQL = """SELECT ai.campaign_name, p.product_category, COUNT(DISTINCT p.hashed_email)
FROM purchases p JOIN ad_impressions ai ON p.hashed_email = ai.hashed_email
GROUP BY ai.campaign_name, p.product_category"""


class CapturedRoom(Room):
    def __init__(self, binary, tool, folder):
        super().__init__(binary, folder, scale=0.02, members=MEMBERS)
        self.tool, self.ports, self.relays = tool, {}, []

    def prepare(self):
        super().prepare()
        self.widen_impressions()
        return self

    def widen_impressions(self):
        """Withheld columns of the kinds that the how-to's table does not have."""
        path = self.path(PARTNER, "data/impressions.csv")
        with open(path, newline="") as file:
            rows = list(csv.reader(file))
        with open(path, "w", newline="") as file:
            out = csv.writer(file, lineterminator="\n")
            out.writerow(rows[0] + ["telephone", "birth_year", "income", "seat"])
            for number, row in enumerate(rows[1:]):
                mixed = number * 2654435761 % (1 << 32)
                out.writerow(row + [f"+49 151 {10_000_000 + mixed % 90_000_000}", 1930 + mixed // 7 % 80,
                                    f"{mixed % 9_000_000 / 100:.2f}", "ABCDEFGHKM"[mixed // 3 % 10] + str(mixed // 90 % 9)])

    def cells(self, column, count=200):
        """The first rows of a column of the partner's, as they are written."""
        with open(self.path(PARTNER, "data/impressions.csv"), newline="") as file:
            return [row[column] for _, row in zip(range(count), csv.DictReader(file))]

    def capture(self, folder):
        """Puts a recording relay in front of every member, and has the daemons log their TLS secrets."""
        for account, party in PARTIES.items():
            relay = subprocess.Popen(
                [self.tool, "relay", "--party", party, "--port", str(self.ports.get(account, 0)),
                 "--to", str(self.base_port), "--folder", folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            port = int(relay.stdout.readline())
            if account not in self.ports:
                path = self.path(account, "member.yaml")
                with open(path) as file:
                    text = file.read()
                with open(path, "w") as file:
                    file.write(text.replace(f"localhost:{self.base_port}", f"127.0.0.1:{port}"))
            self.ports[account] = port
            self.relays.append(relay)
            self.daemon(account).environment = {"CLEANROOM_TLS_KEY_LOG": os.path.join(folder, party, "keys.log")}

    def end_capture(self):
        for relay in self.relays:
            relay.stdin.close()
            assert relay.wait(20) == 0
        self.relays = []

    def judge(self, folder, parties=("retailer", "partner"), check=True):
        """The record of what was found; with `check` off, the finished process."""
        accounts = {party: account for account, party in PARTIES.items()}
        files = {"retailer": self.path(RETAILER, "data/purchases.csv"),
                 "partner": self.path(PARTNER, "data/impressions.csv")}
        order = {"folder": folder, "parties": list(parties), "texts": [SQL],
                 "tables": [{**table, "file": files[table["party"]]} for table in TABLES],
                 "ledgers": {party: self.path(accounts[party], "state/ledger.sqlite") for party in parties}}
        result = subprocess.run([self.tool, "judge"], input=json.dumps(order), capture_output=True, text=True)
        if not check:
            return result
        assert result.returncode == 0, result.stderr
        return json.loads(result.stdout)

    def __exit__(self, *arguments):
        for relay in self.relays:
            relay.kill()
        super().__exit__(*arguments)
