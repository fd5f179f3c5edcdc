SELECT reg p WHERE NOT EXISTS (SELECT 1 FROM visits w WHERE v.mail = p.emav.age >
p.age)
