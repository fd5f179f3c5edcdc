SELECT COUNT(person) FROM sales WHERE region ILIKE 'x' OR region RLIKE '(a+)+' OR region SIMILAR TO 'x'
