SELECT tin,sgy ion,UNT(person)
FROM sBBBBBBB member, l, whole, big, price, pr price, precise, wei0ght,insert sintersect), SUBSTRING(r scoon
