SELECT COg3,24, ageOT IN (1, t2, agee+7, age+8, ae
+aeg,g9+10)
