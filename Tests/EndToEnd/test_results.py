"""Results are, cell for cell, what DuckDB gives on the raw tables with the thresholds added."""
import decimal
import os

import duckdb
import pytest

import howto
from howto import PARTNER, RETAILER
from room import BANK

P, A, C = "purchases p", "ad_impressions ai", "cards c"
P_A = "purchases p INNER JOIN ad_impressions ai ON p.hashed_email = ai.hashed_email"
P_C = "purchases p JOIN cards c ON p.hashed_email = c.hashed_email"
ALL = P_A + " JOIN cards c ON c.hashed_email = p.hashed_email"
THRESHOLDS = {"purchases p": ("p.hashed_email", 25), "cards c": ("c.hashed_email", 10)}
MATCHED = "COUNT(DISTINCT p.hashed_email)"


class Query:
    """A query in pieces, so that the same text runs in the clean room and, with the thresholds, on the raw tables."""

    def __init__(self, select, source, where=None, group=None, having=None, order=None, limit=None, distinct=False,
                 runner=RETAILER):
        self.select, self.source, self.where, self.group = select, source, where, group
        self.having, self.order, self.limit, self.distinct, self.runner = having, order, limit, distinct, runner

    def text(self, select, having):
        parts = ["SELECT DISTINCT" if self.distinct else "SELECT", ", ".join(select), "FROM", self.source]
        for word, value in (("WHERE", self.where), ("GROUP BY", self.group), ("HAVING", having),
                            ("ORDER BY", self.order), ("LIMIT", self.limit)):
            if value:
                parts += [word, str(value)]
        return " ".join(parts)

    @property
    def sql(self):
        return self.text(self.select, self.having)

    @property
    def raw_sql(self):
        """AVG of a decimal is taken apart into sum and count: DuckDB's own is a rounded double."""
        select = []
        for item in self.select:
            bare = item.split(" AS ")[0]
            select += [bare.replace("AVG(", "SUM("), bare.replace("AVG(", "COUNT(")] if "AVG(" in bare else [bare]
        conditions = [f"COUNT(DISTINCT {column}) >= {minimum}" for table, (column, minimum) in THRESHOLDS.items()
                      if table in self.source] if not self.distinct else []
        if self.having:
            conditions.append(f"({self.having})")
        return self.text(select, " AND ".join(conditions) or None)

    def expected(self, cursor):
        rows = []
        for row in cursor.execute(self.raw_sql).fetchall():
            values, cells = list(row), []
            for item in self.select:
                value = values.pop(0)
                if "AVG(" in item:
                    value = self.average(item, value, values.pop(0))
                cells.append(cell(value))
            rows.append(cells)
        return rows

    @staticmethod
    def average(item, total, count):
        if not count:
            return None
        if "visits" in item:
            return float(total) / count
        return (decimal.Decimal(total) / count).quantize(decimal.Decimal("0.000001"), decimal.ROUND_HALF_UP)


def cell(value):
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


AGGREGATIONS = [
    Query([MATCHED], P_A),
    Query(["COUNT(DISTINCT p.hashed_email) AS people", "SUM(p.purchase_amount)"], P_A),
    Query(["ai.campaign_name", MATCHED], P_A, group="ai.campaign_name"),
    Query(["ai.campaign_name", "AVG(p.purchase_amount)"], P_A, group="ai.campaign_name"),
    Query(["ai.channel", "p.store_region", MATCHED, "SUM(p.purchase_amount)", "AVG(p.purchase_amount)"], P_A,
          group="ai.channel, p.store_region"),
    Query(["ai.campaign_name", "p.product_category", "p.store_region", MATCHED, "SUM(p.purchase_amount)",
           "AVG(p.purchase_amount)"], P_A, where="YEAR(p.purchase_date) = 2025 AND MONTH(p.purchase_date) = 12",
          group="ai.campaign_name, p.product_category, p.store_region", having=f"{MATCHED} >= 25"),
    Query(["p.purchase_date", MATCHED], P_A, group="p.purchase_date"),
    Query(["MONTH(p.purchase_date) AS m", MATCHED], P_A, group="MONTH(p.purchase_date)"),
    Query(["YEAR(p.purchase_date)", "MONTH(p.purchase_date)", "SUM(p.purchase_amount)"], P_A,
          group="YEAR(p.purchase_date), MONTH(p.purchase_date)"),
    Query(["p.store_region", MATCHED], P_A, where="p.store_region IN ('North', 'South')", group="p.store_region"),
    Query(["p.store_region", MATCHED], P_A, where="p.store_region NOT IN ('North', 'South')", group="p.store_region"),
    Query(["p.product_category", MATCHED], P_A, where="p.product_category LIKE '%o%'", group="p.product_category"),
    Query(["p.product_category", MATCHED], P_A, where="p.product_category NOT LIKE 'E%' OR p.store_region = 'West'",
          group="p.product_category"),
    Query(["p.product_category", MATCHED], P_A,
          where="p.purchase_date >= '2025-06-01' AND p.purchase_date < '2025-09-01'", group="p.product_category"),
    Query(["p.product_category", MATCHED], P_A, where="p.purchase_date BETWEEN '2025-11-01' AND '2025-11-30'",
          group="p.product_category"),
    Query(["ai.campaign_name", MATCHED], P_A, where="ai.impression_date > '2025-12-01' AND ai.channel <> 'email'",
          group="ai.campaign_name"),
    Query(["ai.campaign_name", MATCHED], P_A, where="ai.impression_date <= p.purchase_date", group="ai.campaign_name"),
    Query(["ai.campaign_name", MATCHED], P_A, where="p.store_region IS NOT NULL AND ai.channel IS NULL",
          group="ai.campaign_name"),
    Query(["p.product_category", "SUM(p.purchase_amount)"], P_A, group="p.product_category",
          having="SUM(p.purchase_amount) > 10000"),
    Query(["p.product_category", MATCHED], P_A, group="p.product_category",
          having=f"{MATCHED} > 100 OR {MATCHED} < 60"),
    Query(["p.product_category", MATCHED], P_A, group="p.product_category", order=f"{MATCHED} DESC, p.product_category"),
    Query(["p.product_category", MATCHED + " AS n"], P_A, group="p.product_category", order="p.product_category",
          limit=3),
    Query(["p.product_category", "ai.channel", MATCHED], P_A, group="1, 2", order="1 DESC, 2", limit=7),
    Query(["c.segment", "COUNT(DISTINCT c.hashed_email)"], C, group="c.segment", runner=PARTNER),
    Query(["c.city", "c.segment", "SUM(c.spend)", "AVG(c.spend)", "SUM(c.visits)", "AVG(c.visits)", "COUNT(c.visits)",
           "SUM(DISTINCT c.visits)"], C, group="c.city, c.segment"),
    Query(["YEAR(c.opened)", "COUNT(DISTINCT c.hashed_email)"], C, group="YEAR(c.opened)",
          where="c.opened IS NOT NULL"),
    Query(["UPPER(c.segment)", "SUM(c.spend)"], C, group="UPPER(c.segment)"),
    Query(["COALESCE(c.segment, 'none')", "SUM(c.spend)"], C, group="COALESCE(c.segment, 'none')"),
    Query(["SUBSTRING(c.city, 1, 2)", "SUM(c.spend)"], C, group="SUBSTRING(c.city, 1, 2)"),
    Query(["SUM(c.spend)"], C, where="c.city = '東京' AND c.segment = 'naïve'"),
    Query(["SUM(c.spend)"], C, where="c.city = 'nowhere'"),
    Query(["c.segment", "p.product_category", MATCHED, "SUM(c.spend)"], P_C, group="c.segment, p.product_category"),
    Query(["c.city", MATCHED, "AVG(p.purchase_amount)"], P_C, where="c.segment <> 'gold'", group="c.city"),
    Query(["ai.campaign_name", "c.segment", MATCHED], ALL, group="ai.campaign_name, c.segment"),
    Query(["ai.campaign_name", "c.city", "p.store_region", MATCHED, "SUM(p.purchase_amount)", "SUM(c.spend)"], ALL,
          where="MONTH(p.purchase_date) >= 7 AND ai.channel IN ('search', 'video')",
          group="ai.campaign_name, c.city, p.store_region"),
    Query(["ai.channel", "COUNT(DISTINCT c.hashed_email)"], ALL, where="c.opened < '2020-01-01'", group="ai.channel",
          order="2 DESC, 1"),
]


@pytest.fixture(scope="module")
def raw(shared_room):
    """The raw tables of all members in one plain DuckDB."""
    cursor = duckdb.connect()
    cursor.execute(f"""CREATE VIEW purchases AS SELECT * REPLACE (purchase_amount::DECIMAL(12,2) AS purchase_amount)
        FROM read_csv('{shared_room.path(RETAILER, 'data/purchases.csv')}', types = {{'purchase_amount': 'VARCHAR'}})""")
    cursor.execute(f"""CREATE VIEW ad_impressions AS SELECT *, sha256(lower(trim(user_email))) AS hashed_email
        FROM read_csv('{shared_room.path(PARTNER, 'data/impressions.csv')}')""")
    cursor.execute(f"CREATE VIEW cards AS FROM read_parquet('{shared_room.path(BANK, 'data/cards.parquet')}')")
    return cursor


def ordered(rows):
    return sorted(rows, key=lambda row: [(value is not None, value or "") for value in row])


@pytest.mark.parametrize("query", AGGREGATIONS, ids=lambda query: query.sql[:90])
def test_equals_plain_engine(shared_room, raw, query):
    header, *rows = shared_room.rows(query.sql, query.runner)
    expected = query.expected(raw)
    assert len(header) == len(query.select)
    if query.order:
        assert rows == expected
    else:
        assert ordered(rows) == ordered(expected)


def test_thresholds_bite(shared_room, raw):
    """The data has groups below the minimum, so the comparison above would notice a threshold that is not applied."""
    query = AGGREGATIONS[5]
    everything = raw.execute(query.text(query.select, None)).fetchall()
    assert len(everything) > len(query.expected(raw)) > 0


def test_a_laxer_having_releases_nothing_more(shared_room, raw):
    strict = AGGREGATIONS[5]
    lax = Query(strict.select, strict.source, strict.where, strict.group, f"{MATCHED} >= 1")
    assert shared_room.rows(lax.sql) == shared_room.rows(strict.sql)


def test_equal_queries_give_equal_bytes(shared_room):
    query = AGGREGATIONS[4]
    files = [shared_room.run(query.sql)["result"]["output"]["s3"]["location"] for _ in range(2)]
    first, second = (open(shared_room.result_path(location), "rb").read() for location in files)
    assert first == second and first


def test_nothing_above_the_threshold_gives_an_empty_result(shared_room):
    rows = shared_room.rows(
        f"SELECT p.store_region, {MATCHED} FROM {P_A} WHERE p.store_region = 'nowhere' GROUP BY p.store_region")
    assert len(rows) == 1


def test_parquet_result(shared_room, raw):
    query = AGGREGATIONS[4]
    ended = shared_room.run(query.sql, configuration=howto.output("tests//parquet/", "PARQUET"))
    location = ended["result"]["output"]["s3"]["location"]
    assert location == f"s3://my-cleanroom-results/tests/parquet/{ended['id']}.parquet"
    path = shared_room.result_path(location)
    assert os.stat(path).st_mode & 0o777 == 0o600
    rows = [[cell(value) for value in row] for row in duckdb.sql(f"FROM read_parquet('{path}')").fetchall()]
    assert ordered(rows) == ordered(query.expected(raw))




def test_list_rule(shared_room, raw):
    """LIST joins LIST: distinct rows of list columns, joined on keys that never leave as they are."""
    client = shared_room.clients[RETAILER]
    table = client.call(
        "CreateConfiguredTable", name="loyalty", allowedColumns=["hashed_email", "store_region", "product_category"],
        tableReference={"glue": {"databaseName": "retail_analytics", "tableName": "purchases"}},
        analysisMethod="DIRECT_QUERY")["configuredTable"]["id"]
    client.call("CreateConfiguredTableAnalysisRule", configuredTableIdentifier=table, analysisRuleType="LIST",
                analysisRulePolicy={"v1": {"list": {
                    "joinColumns": ["hashed_email"], "listColumns": ["store_region", "product_category"]}}})
    client.call("CreateConfiguredTableAssociation", configuredTableIdentifier=table, name="loyalty",
                membershipIdentifier=shared_room.membership(RETAILER), roleArn=howto.role(RETAILER, "LongEnoughRole"))
    raw.execute("CREATE OR REPLACE VIEW loyalty AS FROM purchases")
    source = "ad_impressions ai JOIN loyalty l ON ai.hashed_email = l.hashed_email"
    for query in (
            Query(["ai.campaign_name", "ai.channel"], source, distinct=True),
            Query(["l.store_region", "ai.campaign_name", "ai.impression_date"], source,
                  where="l.product_category = 'Toys' AND ai.impression_date > '2025-12-01'", distinct=True),
            Query(["l.store_region"], source, where="ai.channel = 'nothing'", distinct=True)):
        header, *rows = shared_room.rows(query.sql)
        assert ordered(rows) == ordered(query.expected(raw))
    limited = shared_room.rows(Query(["ai.campaign_name", "ai.channel"], source, distinct=True, limit=4).sql)
    assert len(limited) == 5
    assert "DISTINCT" in shared_room.refusal("SELECT ai.channel FROM " + source).body["message"]
