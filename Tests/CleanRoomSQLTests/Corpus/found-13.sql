SELECT "region", COUNT(`person`) FROM "salesEAD||||y||||||||||n, COUolOe Gon O"."re*endion"
