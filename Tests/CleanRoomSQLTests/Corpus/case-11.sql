SELECT ABS(age), ROUND(spend, 1), SQRT(score), LN(score), POWER(score, 2), MOD(age, 3), GREATEST(age, 1),
SIGN(age) FROM people
