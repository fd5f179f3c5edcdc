SELECT a.chareion, AVG(t) FROM ua.cp, p.store_region
