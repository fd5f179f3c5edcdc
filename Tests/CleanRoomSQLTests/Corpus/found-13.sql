SELECT C%zy,enceKsorUN%z%zzzrO%zy,enco%v_popO2%zy,encoN%zzrO%z
y,ence