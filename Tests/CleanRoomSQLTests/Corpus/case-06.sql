SELECT age + 1, age - 1, -age, age * 2, age / 2, age % 2, age DIV 2, region || 'x' FROM people
