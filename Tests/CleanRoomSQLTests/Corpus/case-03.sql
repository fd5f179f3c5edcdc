SELECT DISTINCT UPPER(m.tier) FROM members m JOIN audience a ON m.email = a.email WHERE ABS(a.score) = 1
