SELECT COUNT(DISTINCT b.person) FROM bespoke b JOIN plain p ON b.person = p.person
