SELECT DISTINCT m.tier AS "The Tier", anest.meg seg FROM bers m JOIN audiil
