"""A consortium of three members with random, awkward data: NULLs, empty texts, repeated people, rare groups."""
import datetime
import os
import random

import duckdb

import howto
from howto import PARTNER, RETAILER
from room import BANK, MEMBERS, Room

# Table, its owner, and its columns: name, engine type, and how many distinct values it takes; 0 for a key.
TABLES = {
    "orders": (RETAILER, [
        ("person", "VARCHAR", 0), ("phone", "VARCHAR", 0), ("card", "BIGINT", 0), ("region", "VARCHAR", 6),
        ("kind", "VARCHAR", 5), ("day", "DATE", 90), ("moment", "TIMESTAMP", 400), ("level", "INTEGER", 7),
        ("price", "DECIMAL(8,3)", 60), ("score", "DOUBLE", 12), ("active", "BOOLEAN", 2),
        ("amount", "DECIMAL(12,2)", 5000), ("pieces", "INTEGER", 20)]),
    "visits": (PARTNER, [
        ("person", "VARCHAR", 0), ("phone", "VARCHAR", 0), ("card", "INTEGER", 0), ("page", "VARCHAR", 6),
        ("outlet", "VARCHAR", 5), ("seen", "DATE", 60), ("seconds", "BIGINT", 3000), ("depth", "SMALLINT", 9)]),
    "people": (BANK, [
        ("person", "VARCHAR", 0), ("phone", "VARCHAR", 0), ("city", "VARCHAR", 5), ("tier", "INTEGER", 4),
        ("since", "DATE", 20)]),
    "loyal": (RETAILER, [
        ("person", "VARCHAR", 0), ("phone", "VARCHAR", 0), ("grade", "VARCHAR", 4), ("joined", "DATE", 9)]),
}
WORDS = ["Oslo", "", "Łódź", " padded ", "São Paulo", "東京", "it's", "UPPER", "100%", "a_b", "west, \"east\""]
ALL_FUNCTIONS = ["ABS", "CAST", "CEILING", "COALESCE", "DATEADD", "EXTRACT", "FLOOR", "LOWER", "ROUND", "SUBSTRING",
                 "TO_DATE", "TRIM", "TRUNC", "UPPER"]


def aggregation(measures, dimensions, minima):
    return {"v1": {"aggregation": {
        "aggregateColumns": [{"columnNames": columns, "function": function} for function, columns in measures.items()],
        "joinColumns": ["person", "phone", "card"], "allowedJoinOperators": ["AND", "OR"],
        "dimensionColumns": dimensions, "scalarFunctions": ALL_FUNCTIONS,
        "outputConstraints": [{"columnName": column, "minimum": minimum, "type": "COUNT_DISTINCT"}
                              for column, minimum in minima.items()]}}}


MINIMA = {"orders": {"person": 8}, "visits": {"person": 5, "outlet": 2}}
RULES = {
    "orders": aggregation(
        {"SUM": ["amount", "pieces"], "AVG": ["amount", "pieces"], "COUNT": ["amount", "person"],
         "COUNT_DISTINCT": ["person", "phone", "amount"], "SUM_DISTINCT": ["pieces", "amount"]},
        ["region", "kind", "day", "moment", "level", "price", "score", "active"], MINIMA["orders"]),
    "visits": aggregation(
        {"SUM": ["seconds"], "AVG": ["seconds"], "COUNT": ["seconds"], "COUNT_DISTINCT": ["person", "card"]},
        ["page", "seen", "depth", "outlet"], MINIMA["visits"]),
    "people": {"v1": {"list": {"joinColumns": ["person", "phone"], "allowedJoinOperators": ["AND", "OR"],
                               "listColumns": ["city", "tier", "since"]}}},
    "loyal": {"v1": {"list": {"joinColumns": ["person", "phone"], "allowedJoinOperators": ["AND", "OR"],
                              "listColumns": ["grade", "joined"]}}},
}


def value(rng, kind, choices, person):
    if rng.random() < 0.06:
        return None
    # Squared, so that some values are common and others rare.
    number = int(choices * rng.random() ** 2)
    match kind.split("(")[0]:
        case "VARCHAR": return WORDS[number % len(WORDS)] if choices else f"{person}@mail.example"
        case "DATE": return datetime.date(2024, 1, 15) + datetime.timedelta(number * 11)
        case "TIMESTAMP": return datetime.datetime(2025, 1, 1, 6) + datetime.timedelta(minutes=number * 971)
        case "DOUBLE": return number / 4 - 1
        case "BOOLEAN": return number == 0
        case "DECIMAL": return f"{number * 37 / 100 - 5:.2f}"
        case _: return number - 2 if choices else person * 7919


def rows_of(rng, name, persons):
    """Each person some rows, with the keys now and then missing or another person's."""
    rows = []
    for person in persons:
        for _ in range(rng.choice([0, 1, 1, 2, 5])):
            own = person if rng.random() > 0.02 else rng.choice(persons)
            rows.append((person, [value(rng, kind, choices, own) for _, kind, choices in TABLES[name][1]]))
    return rows


def write(path, name, rows):
    """The retailer's tables as CSV with quoted texts, the others as Parquet."""
    columns = TABLES[name][1]
    with duckdb.connect() as database:
        declared = ", ".join(f"{column} {kind}" for column, kind, _ in columns)
        database.execute(f"CREATE TABLE t ({declared})")
        if rows:
            database.executemany(f"INSERT INTO t VALUES ({', '.join('?' * len(columns))})", [row for _, row in rows])
        texts = ", ".join(column for column, kind, _ in columns if kind == "VARCHAR")
        form = f"FORMAT csv, HEADER, FORCE_QUOTE ({texts})" if path.endswith("csv") else "FORMAT parquet"
        database.execute(f"COPY t TO '{path}.new' ({form})")
    os.replace(path + ".new", path)


def catalog(account):
    names = [name for name, (owner, _) in TABLES.items() if owner == account]
    lines = ["catalog:", "  random:"]
    for name in [each + suffix for each in names for suffix in ("", "_without")]:
        kind = "csv" if account == RETAILER else "parquet"
        lines += [f"    {name}:", f"      source: {{{kind}: data/{name}.{kind}}}", "      columns:"]
        lines += [f"        {column}: {{type: \"{spark_type(type)}\"}}"
                  for column, type, _ in TABLES[name.removesuffix("_without")][1]]
    return "\n" + "\n".join(lines) + "\n"


def spark_type(kind):
    return {"VARCHAR": "string", "INTEGER": "int"}.get(kind, kind.lower())


class RandomRoom(Room):
    """Every table twice: as it is, and, called `…_without`, lacking one person's rows."""

    def __init__(self, binary, folder, seed):
        super().__init__(binary, folder)
        self.rng = random.Random(seed)
        self.persons = list(range(260))
        self.data = {name: rows_of(self.rng, name, self.persons) for name in TABLES}

    def prepare(self):
        self.init()
        self.raw = duckdb.connect()
        for account, _ in MEMBERS:
            os.makedirs(self.path(account, "data"), exist_ok=True)
            self.add_to_configuration(account, catalog(account))
        for name in TABLES:
            write(self.file(name), name, self.data[name])
            self.mirror(name)
        self.leave_out(self.persons[0])
        return self

    def file(self, name):
        account = TABLES[name.removesuffix("_without")][0]
        return self.path(account, f"data/{name}.{'csv' if account == RETAILER else 'parquet'}")

    def mirror(self, name):
        """The raw table in one plain engine that sees everything."""
        columns = TABLES[name.removesuffix("_without")][1]
        self.raw.execute(f"CREATE OR REPLACE TABLE {name} ({', '.join(f'{c} {kind}' for c, kind, _ in columns)})")
        rows = [row for person, row in self.data[name.removesuffix("_without")]
                if not name.endswith("_without") or person != self.absent]
        if rows:
            self.raw.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(columns))})", rows)

    def leave_out(self, person):
        """From now on the `…_without` tables lack this person's rows."""
        self.absent = person
        for name in TABLES:
            write(self.file(name + "_without"), name, [row for row in self.data[name] if row[0] != person])
            self.mirror(name + "_without")

    def create(self):
        call = lambda account, operation, **arguments: self.clients[account].call(operation, **arguments)
        document = howto.collaboration()
        document["members"].append(
            {"accountId": BANK, "memberAbilities": ["CAN_RECEIVE_RESULTS"], "displayName": "Card Bank"})
        created = call(RETAILER, "CreateCollaboration", **document)["collaboration"]
        self.ids["retail_membership"] = created["membershipId"]
        for account, key in ((PARTNER, "partner_membership"), (BANK, "bank_membership")):
            self.ids[key] = call(
                account, "CreateMembership", collaborationIdentifier=created["id"], queryLogStatus="ENABLED",
                defaultResultConfiguration=howto.output("random/"))["membership"]["id"]
        for name in TABLES:
            for suffix in ("", "_without"):
                self.associate(call, name, name + suffix)

    def associate(self, call, name, alias):
        account, columns = TABLES[name]
        table = call(
            account, "CreateConfiguredTable", name=alias, analysisMethod="DIRECT_QUERY",
            tableReference={"glue": {"tableName": alias, "databaseName": "random"}},
            allowedColumns=[column for column, _, _ in columns])["configuredTable"]["id"]
        rule = RULES[name]
        call(account, "CreateConfiguredTableAnalysisRule", configuredTableIdentifier=table,
             analysisRuleType="LIST" if "list" in rule["v1"] else "AGGREGATION", analysisRulePolicy=rule)
        call(account, "CreateConfiguredTableAssociation", configuredTableIdentifier=table, name=alias,
             membershipIdentifier=self.membership(account), roleArn=howto.role(account, "CleanRoomsTableRole"))
