ep||lM(Iop||eel~
