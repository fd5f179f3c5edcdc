setC SUM(T 'COUNфеrso(еr[soTеr>/*0
