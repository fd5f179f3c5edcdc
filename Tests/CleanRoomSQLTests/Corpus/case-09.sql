SELECT /*+ BROADCAST(sales) */ region, COUNT(person) -- all people
FROM sales /* the only /* nested */ table */ GROUP BY region
