SELECT region, COUNT(person) FROM sales GROUP BY region
HAVING AVG(price_m) > 1.5 AND SUM(whole_m) > -3 AND AVG(score_m) < 1e3
