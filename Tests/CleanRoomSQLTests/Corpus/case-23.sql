SELECT COUNT(person) FROM sales WHERE TO_CHAR(day, 'YYYY') = '2025' OR TO_NUMBER(region, '999') = 1 OR TO_DATE(region) = day OR CONVERT(region, whole) = 'x'
