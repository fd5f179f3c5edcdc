SELECT LOWER(region), SUBSTRING(region, 2), TRIM(region), LPAD(region, 5, 'x'), REPLACE(region, 'a', 'b'),
LENGTH(region), POSITION('a' IN region), SPLIT_PART(region, '-', 1) FROM people
