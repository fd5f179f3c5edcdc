SELECT region, SUM(x) FROM people JOIN (VALUES left(1), (0)) t(x) ON (age = 3 AND x = 1) OR (ae <> 3 AND x = 0)
GROUP BY regi
