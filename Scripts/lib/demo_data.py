"""Deterministic, realistic data of a retailer and an advertising partner: equal seeds give equal files."""
import csv
import datetime
import hashlib
import os
import random

FIRST = """Ada Bela Cleo Dario Elin Femi Gita Hugo Ines Jonas Keiko Lena Marek Nadia Omar Priya Quinn Rosa Sami Tariq
Uma Viktor Wanda Ximena Yusuf Zoe Anouk Bram Chidi Dunja Emre Freya""".split()
LAST = """Abara Bauer Castillo Diallo Eriksen Fontaine Garcia Haddad Ivanova Jansen Kowalski Lindqvist Moreau Nakamura
Okafor Petrov Quispe Rossi Schmidt Tanaka Ueda Varga Weber Xu Yilmaz Zielinski Almeida Brandt Cohen Dubois""".split()
CATEGORIES = ["Electronics", "Home", "Garden", "Toys", "Books", "Sports", "Beauty", "Grocery"]
REGIONS = ["North", "South", "East", "West", "Islands"]
CAMPAIGNS = ["Winter Sale", "Gift Guide", "New Year", "Loyalty", "Retargeting", "Night Owls"]
CHANNELS = ["search", "social", "video", "display", "email"]


def email_of(number):
    first, last = FIRST[number % len(FIRST)], LAST[number // len(FIRST) % len(LAST)]
    return f"{first}.{last}.{number}@mail{number % 7}.example".lower()


def name_of(number):
    return f"{FIRST[number % len(FIRST)]} {LAST[number // len(FIRST) % len(LAST)]} #{number}"


def hashed(email):
    return hashlib.sha256(email.strip().lower().encode()).hexdigest()


def write_purchases(path, customers, purchases, seed):
    """The retailer's file: raw e-mail, customer id and full name stand beside the hash."""
    rng = random.Random(seed)
    emails = [email_of(number) for number in range(customers)]
    hashes = [hashed(email) for email in emails]
    first_day = datetime.date(2025, 1, 1)
    with open(path, "w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["customer_id", "full_name", "email", "hashed_email", "purchase_date", "product_category",
                      "purchase_amount", "store_region"])
        for _ in range(purchases):
            customer = int(customers * rng.random() ** 1.3)
            # December is the busiest month.
            day = 334 + int(31 * rng.random()) if rng.random() < 0.25 else int(365 * rng.random())
            # The last category and the islands are rare: some combinations stay below 25 customers.
            category = CATEGORIES[min(int(rng.expovariate(0.45)), 7)]
            region = "Islands" if rng.random() < 0.006 else REGIONS[int(4 * rng.random())]
            cents = 199 + int(rng.expovariate(1 / 4500))
            out.writerow([f"CUST-{customer:08d}", name_of(customer), emails[customer], hashes[customer],
                          first_day + datetime.timedelta(day), category, f"{cents // 100}.{cents % 100:02d}", region])


def write_impressions(path, customers, impressions, seed):
    """The partner's file: raw e-mail as people typed it, device id and IP; the daemon derives the hash."""
    rng = random.Random(seed)
    first_day = datetime.date(2025, 11, 1)
    with open(path, "w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["impression_id", "user_email", "device_id", "ip_address", "campaign_name", "channel",
                      "impression_date"])
        for number in range(impressions):
            # Two fifths of the partner's audience have never bought anything at the retailer's.
            person = int(customers * (0.5 + 0.85 * rng.random()))
            email = email_of(person)
            if rng.random() < 0.1:
                email = f" {email.title()}"
            device = f"DEV-{person * 2654435761 % (1 << 40):010x}"
            address = f"198.{18 + person % 2}.{person // 256 % 256}.{person % 256}"
            campaign = "Night Owls" if rng.random() < 0.004 else CAMPAIGNS[int(5 * rng.random())]
            out.writerow([number, email, device, address, campaign, CHANNELS[int(5 * rng.random())],
                          first_day + datetime.timedelta(int(61 * rng.random()))])


def write_demo(retail_folder, partner_folder, scale=1.0, seed=2025):
    os.makedirs(retail_folder, exist_ok=True)
    os.makedirs(partner_folder, exist_ok=True)
    customers = int(100_000 * scale)
    write_purchases(os.path.join(retail_folder, "purchases.csv"), customers, int(400_000 * scale), seed)
    write_impressions(os.path.join(partner_folder, "impressions.csv"), customers, int(300_000 * scale), seed + 1)


RETAIL_CATALOG = """
catalog:
  retail_analytics:
    purchases:
      source: {csv: data/purchases.csv}
      columns:
        purchase_amount: {type: "decimal(12,2)"}
        purchase_date: {type: date}
      keys:
        hashed_email: {form: sha256-hex}
"""

PARTNER_CATALOG = """
catalog:
  ad_platform:
    impressions:
      source: {csv: data/impressions.csv}
      columns:
        impression_date: {type: date}
        hashed_email: {sha256: user_email, normalize: email}
"""
