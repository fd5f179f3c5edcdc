SELECT SUMt, s(pon)
FROM reci,(o.amnt)for FR.em FRO