SELECT DISTINCT m.tier AS Tier, a.segment s FROM members m INNER JOIN audience a ON m.email = a.email
WHERE a.score + 1 >= 50 AND m.since > '2020-01-01' AND a.segment IN ('x', 'y') LIMIT 100
