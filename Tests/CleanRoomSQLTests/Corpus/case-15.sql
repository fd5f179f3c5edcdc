SELECT active IS TRUE, active IS NOT FALSE, NOT active, age IS NULL, age IS NOT NULL FROM people
