SELECT COUNT(*), COUNT(age), COUNT(DISTINCT age, region), SUM(DISTINCT age), AVG(age), MIN(age), MAX(region),
MEDIAN(age), PERCENTILE(age, 0.5), STDDEV(age), VARIANCE(score), BOOL_AND(active), BOOL_OR(active),
COUNT_IF(age > 3) FROM people
