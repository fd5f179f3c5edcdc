WITH a(x) AS (SELECT email FROM people), b AS (SELECT x AS y FROM a) SELECT y AS harmless FROM b
