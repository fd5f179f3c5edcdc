"""The RAND health insurance experiment, split between six clinics, which know the visits, and the insurer, which knows the
plans. The experiment has no identifiers: equal neighbouring rows are one person's years, and get a made-up number."""
import math
import random

from common import Table, arguments, package_file, rows

CLINICS = ["north", "south", "east", "west", "harbour", "hills"]
HEALTH = [("hlthp", "poor"), ("hlthf", "fair"), ("hlthg", "good")]


def people(file):
    """Lists of the yearly rows of one person each."""
    last, years = None, []
    for row in rows(file):
        person = tuple(value for name, value in row.items() if name != "mdvis")
        if person != last and years:
            yield years
            years = []
        last = person
        years.append(row)
    if years:
        yield years


def health(row):
    return next((word for column, word in HEALTH if row[column] == "1"), "excellent")


def main():
    options = arguments(__doc__)
    chance = random.Random(options.seed)
    columns = ["patient_number", "full_name", "year", "visits", "chronic_diseases", "health", "limitation"]
    tables = {name: Table(options.output, name, "visits", columns) for name in CLINICS}
    with open(package_file("statsmodels", "datasets", "randhie", "randhie.csv"), encoding="utf-8", newline="") as file, \
            Table(options.output, "insurer", "policies",
                  ["patient_number", "policy_number", "coinsurance", "deductible"]) as policies:
        for number, years in enumerate(people(file), 1):
            patient = f"P{chance.randrange(10**9):09d}-{number:05d}"
            clinic = tables[chance.choices(CLINICS, weights=[30, 20, 18, 14, 10, 8])[0]]
            share = round(math.expm1(float(years[0]["lncoins"])))
            if chance.random() < 0.93:
                policies.write(patient, f"POL-{chance.randrange(10**8):08d}", share,
                               "yes" if years[0]["idp"] == "1" else "no")
            for year, row in enumerate(years, 1):
                clinic.write(patient, f"Patient {number} of the experiment", year, row["mdvis"],
                             f"{float(row['disea']):.2f}", health(row), "yes" if float(row["physlm"]) > 0 else "no")
    for table in tables.values():
        table.file.close()


main()
