SELECT o.zone AS theirs, v.zone AS ours, SUM(o.amount) FROM orders o JOIN visits v ON o.email = v.email GROUP BY o.zone, v.zone ORDER BY theirs, ours
