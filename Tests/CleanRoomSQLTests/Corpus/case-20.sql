SELECT age FROM people JOIN (SELECT email, page FROM visits) v USING (email)
