SELECT a FROM (SELECT page AS a, email AS b FROM visits UNION ALL SELECT region, email FROM people) t
