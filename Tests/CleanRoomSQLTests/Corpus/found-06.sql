SELECT LOWER(((((((te,AUPIM(reA((((SELECT 34) 3, 4, W(r 4, 5, 6, 7. offs
evisit8t
s
