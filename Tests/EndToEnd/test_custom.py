"""CUSTOM rules on real daemons: results equal DuckDB's on the raw tables, thresholds hold, and columns that are only
compared leave as tokens."""
import os

import duckdb
import pytest

from howto import PARTNER, RETAILER
from room import BANK, Room
from test_disclosure import entries
from test_results import cell

COLUMNS = {
    "purchases": ["hashed_email", "purchase_date", "product_category", "purchase_amount", "store_region"],
    "impressions": ["hashed_email", "campaign_name", "channel", "impression_date"],
    "cards": ["hashed_email", "segment", "city", "opened", "spend", "visits"],
}
OWNERS = {"purchases": (RETAILER, "AGGREGATION"), "impressions": (PARTNER, "LIST"), "cards": (BANK, "AGGREGATION")}


def set_rule(room, table, rule, old="CUSTOM"):
    owner, first = OWNERS[table]
    call, where = room.clients[owner].call, {"configuredTableIdentifier": room.ids[table]}
    call("DeleteConfiguredTableAnalysisRule", **where, analysisRuleType=old or first)
    call("CreateConfiguredTableAnalysisRule", **where, analysisRuleType="CUSTOM",
         analysisRulePolicy={"v1": {"custom": rule}})


def open_rule(**more):
    return {"allowedAnalyses": ["ANY_QUERY"], "allowedAnalysisProviders": [RETAILER, PARTNER, BANK], **more}


def threshold(minimum, kind="COLUMNS_ONLY"):
    return [{"identityColumns": ["hashed_email"], "minimumIdentityCount": minimum, "type": "COUNT_DISTINCT",
             "allowedAggregateExpressionType": kind}]


@pytest.fixture(scope="module")
def custom_room(binary, tmp_path_factory):
    room = Room(binary, tmp_path_factory.mktemp("custom"), scale=0.02)
    room.set_up()
    for table, (_, old) in OWNERS.items():
        set_rule(room, table, open_rule(), old=old)
    yield room
    room.stop()


@pytest.fixture(scope="module")
def raw(custom_room):
    """The members' files as plain tables under the associations' names."""
    cursor = duckdb.connect()
    cursor.execute("SET default_null_order = 'nulls_first_on_asc_last_on_desc'")
    purchases = custom_room.path(RETAILER, "data/purchases.csv")
    impressions = custom_room.path(PARTNER, "data/impressions.csv")
    cursor.execute(f"""CREATE TABLE purchases AS SELECT * REPLACE (purchase_amount::DECIMAL(12,2) AS purchase_amount)
        FROM read_csv('{purchases}', nullstr = '')""")
    cursor.execute(f"""CREATE TABLE ad_impressions AS SELECT *, sha256(lower(trim(user_email))) AS hashed_email
        FROM read_csv('{impressions}', nullstr = '')""")
    cursor.execute(f"CREATE TABLE cards AS SELECT * FROM '{custom_room.path(BANK, 'data/cards.parquet')}'")
    return cursor


P_A = "purchases p JOIN ad_impressions a ON p.hashed_email = a.hashed_email"
QUERIES = [
    f"SELECT a.campaign_name, COUNT(DISTINCT p.hashed_email), SUM(p.purchase_amount) FROM {P_A} GROUP BY 1",
    f"SELECT p.store_region, a.channel, COUNT(*) FROM {P_A} GROUP BY ROLLUP (p.store_region, a.channel)",
    "SELECT COUNT(*) FROM purchases",
    "SELECT COUNT(*) FROM purchases p, cards c WHERE p.hashed_email = c.hashed_email AND c.visits > 20",
    "SELECT c.hashed_email, c.city FROM cards c WHERE c.visits = 40",
    "SELECT segment, city, spend, visits FROM cards WHERE spend IS NULL OR visits IS NULL OR segment IS NULL",
    """WITH buyers AS (SELECT hashed_email, SUM(purchase_amount) AS total FROM purchases GROUP BY hashed_email),
       seen AS (SELECT hashed_email, COUNT(*) AS n FROM ad_impressions GROUP BY hashed_email)
       SELECT CASE WHEN s.n > 3 THEN 'often' WHEN s.n IS NULL THEN 'never' ELSE 'seldom' END AS seen, COUNT(*),
       SUM(b.total) FROM buyers b LEFT JOIN seen s ON b.hashed_email = s.hashed_email GROUP BY 1 ORDER BY 2 DESC""",
    """SELECT city, COUNT(*) FROM cards c WHERE EXISTS (SELECT 1 FROM purchases p WHERE p.hashed_email = c.hashed_email
       AND p.purchase_amount > c.visits) GROUP BY city""",
    """SELECT city FROM cards WHERE hashed_email NOT IN (SELECT hashed_email FROM ad_impressions
       WHERE hashed_email IS NOT NULL) AND visits > 35""",
    """SELECT segment, city, visits, RANK() OVER (PARTITION BY segment ORDER BY visits DESC) FROM cards WHERE visits > 38""",
    """SELECT city, n, SUM(n) OVER (ORDER BY city) FROM (SELECT city, COUNT(*) AS n FROM cards GROUP BY city)""",
    "SELECT product_category FROM purchases INTERSECT SELECT product_category FROM purchases WHERE store_region = 'Islands'",
    "SELECT segment FROM cards UNION SELECT city FROM cards EXCEPT SELECT 'Oslo'",
    """SELECT store_region, (SELECT COUNT(DISTINCT a.hashed_email) FROM ad_impressions a) FROM purchases
       GROUP BY store_region""",
    "SELECT upper(city), length(city), substring(city, 2, 2) FROM cards WHERE visits = 1",
    "SELECT date_trunc('MONTH', opened), COUNT(*) FROM cards WHERE opened > DATE '2024-06-01' GROUP BY 1",
    "SELECT p.store_region FROM purchases p LEFT SEMI JOIN cards c ON p.hashed_email = c.hashed_email WHERE p.purchase_amount > 300",
    "SELECT DISTINCT segment FROM cards ORDER BY segment DESC NULLS LAST LIMIT 2 OFFSET 1",
    "SELECT a.city, b.city, COUNT(*) FROM cards a JOIN cards b ON a.visits = b.visits AND a.city < b.city GROUP BY 1, 2",
]


@pytest.mark.parametrize("sql", QUERIES)
def test_results_equal_plain_sql(custom_room, raw, sql):
    plain = sql.replace("LEFT SEMI JOIN", "SEMI JOIN")
    expected = [[cell(value) for value in row] for row in raw.execute(plain).fetchall()]
    key = lambda row: [(value is not None, value or "") for value in row]
    header, *rows = custom_room.rows(sql)
    assert sorted(rows, key=key) == sorted(expected, key=key)
    assert custom_room.rows(sql)[1:] == rows, "equal data gives equal bytes"


def test_thresholds_are_those_of_plain_sql(custom_room, raw):
    set_rule(custom_room, "cards", open_rule(aggregationThresholds=threshold(12)))
    try:
        sql = "SELECT city, segment, COUNT(*), SUM(visits) FROM cards GROUP BY city, segment"
        kept = raw.execute(sql + " HAVING COUNT(DISTINCT hashed_email) >= 12").fetchall()
        assert 0 < len(kept) < len(raw.execute(sql).fetchall())
        rows = custom_room.rows(sql)[1:]
        assert sorted(map(str, rows)) == sorted(str([cell(value) for value in row]) for row in kept)
        refusal = custom_room.refusal("SELECT hashed_email, visits FROM cards")
        assert refusal.kind == "ValidationException" and "single identities" in str(refusal)
        assert "identifies people" in str(custom_room.refusal(
            "SELECT COUNT(*), SUM(visits) FROM cards WHERE hashed_email = 'x'"))
    finally:
        set_rule(custom_room, "cards", open_rule())


def test_the_owners_rule_is_the_one_that_counts(custom_room):
    set_rule(custom_room, "cards", open_rule(disallowedOutputColumns=["hashed_email", "spend"]))
    try:
        assert "disallowedOutputColumns" in str(
            custom_room.refusal("SELECT x FROM (SELECT spend * 2 AS x FROM cards)"))
        assert len(custom_room.rows("SELECT city FROM cards ORDER BY spend LIMIT 3")) == 4
    finally:
        set_rule(custom_room, "cards", {"allowedAnalyses": ["ANY_QUERY"], "allowedAnalysisProviders": [PARTNER]})
    try:
        assert "does not allow queries that account" in str(custom_room.refusal("SELECT city FROM cards"))
    finally:
        set_rule(custom_room, "cards", open_rule())


def test_what_is_only_compared_leaves_as_tokens(custom_room):
    ended = custom_room.run(QUERIES[0])
    kinds = {account: {column["name"]: column["kind"] for entry in entries(custom_room, account, ended["id"])
                       for column in entry["columns"]} for account in (RETAILER, PARTNER)}
    assert kinds == {RETAILER: {"hashed_email": "token", "purchase_amount": "value"},
                     PARTNER: {"hashed_email": "token", "campaign_name": "value"}}


def test_rows_that_fail_a_condition_stay_home(custom_room, raw):
    ended = custom_room.run("SELECT COUNT(*) FROM purchases p JOIN cards c ON p.hashed_email = c.hashed_email "
                            "WHERE c.visits > 35 AND p.store_region = 'North'")
    sent = sum(entry["rows"] for entry in entries(custom_room, BANK, ended["id"]))
    assert sent == raw.execute("SELECT COUNT(*) FROM cards WHERE visits > 35 AND hashed_email IS NOT NULL").fetchone()[0]
    names = {column["name"] for entry in entries(custom_room, BANK, ended["id"]) for column in entry["columns"]}
    assert names == {"hashed_email"}, "the filter's column is not needed elsewhere"
