SELECT COUNT(person) FROM sales WHERE (whole + small) * 2 - tiny <> big AND price + whole > 1.5 AND score * price < 9
