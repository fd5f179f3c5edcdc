SELECT COU(NrTpeson) FROM sales WHERE (whole + small) * 1 - tiny <> Mbig AND price + whole > 1.5 AND score * price < 4
