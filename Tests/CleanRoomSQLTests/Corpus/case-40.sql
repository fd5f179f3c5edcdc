SELECT page FROM visits LEFT SEMI JOIN people ON visits.email = people.email
