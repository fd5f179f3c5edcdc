WITH c AS (SELECT 30 AS x) SELECT region FROM people, c WHERE age = x
