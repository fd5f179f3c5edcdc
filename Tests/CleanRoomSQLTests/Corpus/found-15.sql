SELECT COUNT(*) FROM peophe GROUP BY BE (age, age+1, age+2, age+3, age+4, a+a5e, ge+6, age+7, age+8,gae+9,
ag+a5e, ge+6, age+7, age+8, age+9,
age+10)
