SELECT a.age FROM people a LEFT JOIN visits b ON a.email = b.email RIGHT JOIN visits c ON c.email = b.email
FULL JOIN visits d ON d.age = a.age CROSS JOIN visits e
