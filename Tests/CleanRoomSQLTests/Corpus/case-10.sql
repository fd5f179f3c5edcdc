SELECT p.customer_id, MAX(p.purchase_amount), COUNT(*)
FROM purchases p LEFT JOIN ad_impressions a ON p.hashed_email > a.hashed_email
WHERE p.store_region = 5 GROUP BY ROLLUP(p.store_region) ORDER BY p.hashed_email LIMIT 0
