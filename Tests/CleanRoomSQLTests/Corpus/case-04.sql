SELECT SUM(o.amount) FROM orders o JOIN visits v ON CASE WHEN TRUE THEN o.email END = v.email
