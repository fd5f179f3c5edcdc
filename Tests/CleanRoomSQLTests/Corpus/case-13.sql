SELECT t.region FROM trusting t JOIN closed c ON t.email = c.email
