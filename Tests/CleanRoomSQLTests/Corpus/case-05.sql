SELECT CAST(age AS string), TRY_CAST(age AS bigint), spend::double, CAST(joined AS timestamp) FROM people
