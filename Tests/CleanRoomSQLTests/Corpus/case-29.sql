SELECT region, day, COUNT(person) AS n, SUM(price_m) FROM sales GROUP BY region, day
ORDER BY region ASC NULLS LAST, SUM(price_m) DESC, n DESC NULLS FIRST, 2
