SELECT region AS "The Region", COUNT(person) AS `how many` FROM sales GROUP BY region
