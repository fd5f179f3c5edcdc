SELECT "region", COUNT(`person`) FROM "sales" GROUP BY "sales"."region"
