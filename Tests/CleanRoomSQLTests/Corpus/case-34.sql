SELECT code, COUNT(DISTINCT person) FROM confused WHERE code = 'x' GROUP BY code
