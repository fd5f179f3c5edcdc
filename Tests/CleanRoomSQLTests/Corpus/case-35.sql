SELECT COUNT(person) FROM sales WHERE day <= CURRENT_DATE AND moment <= GETDATE()
