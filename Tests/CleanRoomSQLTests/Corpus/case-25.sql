SELECT COALESCE(region, 'x'), NVL2(region, 1, 2), IF(active, 1, 2), NULLIF(age, 3) FROM people
