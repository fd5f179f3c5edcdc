"""Random queries that the rules of random_room permit, each for the clean room and for a plain engine."""
import dataclasses
import decimal

from howto import PARTNER, RETAILER
from random_room import MINIMA, RULES, TABLES, WORDS

AGGREGATIONS, LISTS = ("orders", "visits"), ("people", "loyal")
DIMENSIONS = {name: rule["v1"]["aggregation"]["dimensionColumns"] if name in AGGREGATIONS
              else rule["v1"]["list"]["listColumns"] for name, rule in RULES.items()}

# By type: in Spark's SQL, and in the plain engine's with the same meaning.
FUNCTIONS = {
    "VARCHAR": [("UPPER({})", "upper({})"), ("LOWER({})", "lower({})"), ("TRIM({})", "trim({}, ' ')"),
                ("SUBSTRING({}, 1, 2)", "substring({}, 1, 2)"), ("COALESCE({}, 'none')", "coalesce({}, 'none')")],
    "DATE": [("YEAR({})", "year({})"), ("EXTRACT(MONTH FROM {})", "month({})"),
             ("EXTRACT(QUARTER FROM {})", "quarter({})"), ("TRUNC({}, 'month')", "date_trunc('month', {})::DATE"),
             ("DATEADD({}, 7)", "({} + 7)"), ("CAST({} AS STRING)", "{}::VARCHAR")],
    "TIMESTAMP": [("EXTRACT(HOUR FROM {})", "hour({})"), ("TO_DATE({})", "{}::DATE"), ("MONTH({})", "month({})")],
    "INTEGER": [("ABS({})", "abs({})"), ("CAST({} AS STRING)", "{}::VARCHAR"),
                ("COALESCE({}, -9)", "coalesce({}, -9)")],
    "SMALLINT": [("ABS({})", "abs({})"), ("CAST({} AS BIGINT)", "{}::BIGINT")],
    "DECIMAL": [("ROUND({}, 1)", "round({}, 1)"), ("FLOOR({})", "floor({})"), ("CEILING({})", "ceil({})"),
                ("ABS({})", "abs({})"), ("CAST({} AS INT)", "trunc({})::INTEGER")],
}


@dataclasses.dataclass
class Item:
    """In Spark's SQL and the plain engine's; an average takes two columns there."""
    spark: str
    plain: list
    kind: str = "value"


@dataclasses.dataclass
class RandomQuery:
    tables: list
    source: str
    items: list
    where: tuple
    having: str
    order: str
    limit: int
    runner: str
    is_list: bool

    @property
    def keys(self):
        return [item for item in self.items if item.kind == "value"]

    def text(self, spark, thresholds=True, without=False, select=None):
        columns = select or [part for item in self.items for part in ([item.spark] if spark else item.plain)]
        groups = [item.spark if spark else item.plain[0] for item in self.keys]
        having = [f"({self.having})"] if self.having else []
        if not spark and thresholds and not self.is_list:
            having += [f"{count} >= {minimum}" for count, minimum in self.thresholds]
        source = self.source
        for alias, name in self.tables:
            source = source.replace(f"{name} {alias}", f"{name}{'_without' if without else ''} {alias}")
        parts = ["SELECT DISTINCT" if self.is_list else "SELECT", ", ".join(columns), "FROM", source]
        for word, clause in (("WHERE", self.where and self.where[0 if spark else 1]),
                             ("GROUP BY", "" if self.is_list else ", ".join(groups)),
                             ("HAVING", " AND ".join(having)), ("ORDER BY", self.order), ("LIMIT", self.limit)):
            if clause:
                parts += [word, str(clause)]
        return " ".join(parts)

    @property
    def thresholds(self):
        return [(f"COUNT(DISTINCT {alias}.{column})", minimum) for alias, name in self.tables
                for column, minimum in MINIMA.get(name, {}).items()]

    def expected(self, raw, without=False):
        rows = []
        for row in raw.execute(self.text(False, without=without)).fetchall():
            values = list(row)
            rows.append([finish(item, [values.pop(0) for _ in item.plain]) for item in self.items])
        return rows


def finish(item, values):
    """A cell as the result file has it; averages from sum and count, as Spark's types say."""
    if item.kind.startswith("average"):
        total, count = values
        if not count:
            return None
        if item.kind == "average of decimals":
            return str((decimal.Decimal(total) / count).quantize(decimal.Decimal("0.000001"), decimal.ROUND_HALF_UP))
        return str(float(total) / count)
    if isinstance(values[0], bool):
        return "true" if values[0] else "false"
    return values[0] if values[0] is None or isinstance(values[0], str) else str(values[0])


class Generator:
    def __init__(self, rng):
        self.rng = rng

    def query(self, keyed=False):
        """With `keyed`, groups can be told apart in the result and nothing but thresholds hides them."""
        pick, rng = self.rng.choice, self.rng
        names = pick([["orders"], ["visits"], ["orders", "visits"], ["visits", "orders"], ["orders", "people"],
                      ["people", "orders"], ["orders", "visits", "people"], ["people", "loyal"], ["loyal", "people"],
                      ["loyal", "visits"], ["orders", "people", "visits"]])
        self.tables = list(zip("abc", names))
        is_list = all(name in LISTS for name in names)
        runner = RETAILER if set(names) & set(LISTS) or rng.random() < 0.7 else PARTNER
        keys = [self.value() for _ in range(rng.randint(1 if keyed or is_list else 0, 2))]
        if is_list:
            keys = [Item(name, [name]) for name, _ in (self.column() for _ in range(rng.randint(1, 3)))]
        keys = list({item.spark: item for item in keys}.values())
        items = keys + ([] if is_list else [self.measure() for _ in range(rng.randint(1, 3))])
        having = order = limit = None
        if not keyed and not is_list:
            having = pick([None, None, self.having(), f"{self.having()} OR {self.having()}"])
            if rng.random() < 0.3:
                order = ", ".join(f"{number} {pick(['ASC', 'DESC'])} NULLS {pick(['FIRST', 'LAST'])}"
                                  for number in range(1, len(keys) + 1)) or None
                # Only keys are sorted by, and all of them: the order is complete.
                limit = pick([None, 1, 4]) if order else None
        where = pick([None, self.condition(2, is_list), self.condition(1, is_list)])
        return RandomQuery(self.tables, self.source(), items, where, having, order, limit, runner, is_list)

    def source(self):
        text = "{1} {0}".format(*self.tables[0])
        for index in range(1, len(self.tables)):
            alias, name = self.tables[index]
            parts = [self.equality(index) for _ in range(self.rng.choice([1, 1, 1, 2]))]
            kind, operation = self.rng.choice(["JOIN", "INNER JOIN"]), self.rng.choice([" AND ", " OR "])
            text += f" {kind} {name} {alias} ON {operation.join(parts)}"
        return text

    def equality(self, index):
        (left, first), (right, second) = self.rng.choice(self.tables[:index]), self.tables[index]
        keys = [key for key in ("person", "person", "phone", "card")
                if all(key in [column for column, _, _ in TABLES[name][1]] for name in (first, second))]
        key = self.rng.choice(keys)
        sides = [f"{left}.{key}", f"{right}.{key}"]
        self.rng.shuffle(sides)
        return " = ".join(sides)

    def column(self):
        return self.rng.choice([(f"{alias}.{column}", kind) for alias, name in self.tables
                                for column, kind, _ in TABLES[name][1] if column in DIMENSIONS[name]])

    def value(self):
        name, kind = self.column()
        table = dict(self.tables)[name[0]]
        functions = FUNCTIONS.get(kind.split("(")[0]) if table in AGGREGATIONS else None
        if functions and self.rng.random() < 0.4:
            one, other = self.rng.choice(functions)
            return Item(one.format(name), [other.format(name)])
        return Item(name, [name])

    def measure(self):
        alias, name = self.rng.choice([pair for pair in self.tables if pair[1] in AGGREGATIONS])
        entry = self.rng.choice(RULES[name]["v1"]["aggregation"]["aggregateColumns"])
        column, function = f"{alias}.{self.rng.choice(entry['columnNames'])}", entry["function"]
        if function == "AVG":
            kind = "average of decimals" if column.endswith("amount") else "average"
            return Item(f"AVG({column})", [f"SUM({column})", f"COUNT({column})"], kind)
        call = {"SUM": "SUM({})", "COUNT": "COUNT({})", "COUNT_DISTINCT": "COUNT(DISTINCT {})",
                "SUM_DISTINCT": "SUM(DISTINCT {})"}[function].format(column)
        return Item(call, [call], "measure")

    def having(self):
        item = self.measure()
        if item.kind != "measure":
            return self.having()
        return f"{item.spark} {self.rng.choice(['>', '<', '<>', '>=', '<='])} {self.rng.choice([5, 20, 60, 1000])}"

    def condition(self, depth, is_list):
        if depth and self.rng.random() < 0.5:
            (a, b), (c, d) = self.condition(depth - 1, is_list), self.condition(depth - 1, is_list)
            form = self.rng.choice(["({} AND {})", "({} OR {})", "({} AND NOT {})"])
            return form.format(a, c), form.format(b, d)
        name, kind = self.column()
        base, spark, plain = kind.split("(")[0], name, name
        if base == "VARCHAR" and dict(self.tables)[name[0]] in AGGREGATIONS and self.rng.random() < 0.2:
            spark, plain = (form.format(name) for form in self.rng.choice(FUNCTIONS[base]))
        literal, other = self.literal(base), self.literal(base)
        form = self.rng.choice(
            ["{} = " + literal, "{} <> " + literal, "{} < " + literal, "{} >= " + literal, "{} IS NULL",
             "{} IS NOT NULL",
             "{} IN (" + literal + ", " + other + ")", "{} NOT IN (" + literal + ", " + other + ")",
             "{} BETWEEN " + literal + " AND " + other, *self.special(base)])
        return form.format(spark), form.format(plain)

    def special(self, base):
        return {"VARCHAR": ["{} LIKE '%o%'", "{} NOT LIKE '_s%'"],
                "DATE": ["{} + 30 > '2025-01-01'", "{} - 7 <= '2024-06-01'"],
                "INTEGER": ["{} * 2 + 1 > 4", "-{} < 1"], "DECIMAL": ["{} * 1.5 < 9.9", "{} - 0.001 > 2"],
                "BOOLEAN": ["{}", "NOT {}"], "DOUBLE": ["{} * 2 > 0.5"]}.get(base, [])

    def literal(self, base):
        pick = self.rng.choice
        match base:
            case "VARCHAR": return "'" + pick(WORDS).replace("'", "''") + "'"
            case "DATE": return pick(["'2024-06-01'", "DATE '2025-03-09'", "'2024-01-15'"])
            case "TIMESTAMP": return pick(["'2025-02-01 10:00:00'", "TIMESTAMP '2025-03-01 00:00:00'", "'2025-05-05'"])
            case "BOOLEAN": return pick(["TRUE", "FALSE"])
            case "DECIMAL" | "DOUBLE": return pick(["0.5", "3", "-1.25", "7.77"])
            case _: return pick(["0", "1", "3", "-2"])
