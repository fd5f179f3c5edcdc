"""Random permitted queries over random data, through real daemons, against a plain engine on the raw tables.

CLEANROOM_RANDOM_QUERIES (200) and CLEANROOM_NEIGHBOUR_QUERIES (40) set how many, CLEANROOM_RANDOM_SEED where
they begin.
"""
import concurrent.futures
import os
import random

import pytest

from random_queries import Generator
from random_room import RandomRoom

SEED = int(os.environ.get("CLEANROOM_RANDOM_SEED", "1"))
QUERIES = int(os.environ.get("CLEANROOM_RANDOM_QUERIES", "200"))
NEIGHBOURS = int(os.environ.get("CLEANROOM_NEIGHBOUR_QUERIES", "40"))
AT_ONCE = 3


@pytest.fixture(scope="module")
def random_room(binary, tmp_path_factory):
    with RandomRoom(binary, tmp_path_factory.mktemp("random"), SEED) as made:
        made.set_up()
        yield made


def ordered(rows):
    return sorted(rows, key=lambda row: [(cell is not None, cell or "") for cell in row])


def results(room, texts):
    """The rows of several queries, run a few at once; each text with its runner."""
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(lambda pair: room.rows(*pair)[1:], texts))


def test_equal_to_a_plain_engine(random_room):
    generator = Generator(random.Random(SEED))
    queries = [generator.query() for _ in range(QUERIES)]
    found = results(random_room, [(query.text(True), query.runner) for query in queries])
    cells = hidden = 0
    for query, rows in zip(queries, found):
        expected = query.expected(random_room.raw)
        if query.order and query.keys:
            assert rows == expected, query.text(True)
        else:
            assert ordered(rows) == ordered(expected), query.text(True)
        cells += sum(map(len, rows))
        everything = random_room.raw.execute(query.text(False, thresholds=False)).fetchall()
        hidden += len(everything) > len(expected)
    print(f"random queries: {QUERIES}, {cells} equal cells, {hidden} with groups below a minimum")
    # The comparison would notice a missing result and a missing threshold.
    assert cells > QUERIES and hidden > QUERIES // 10


def groups(room, query, without):
    """Every group's smallest margin above the minima, in the raw data."""
    counts = [count for count, _ in query.thresholds]
    select = [item.plain[0] for item in query.keys] + counts
    rows = room.raw.execute(query.text(False, thresholds=False, without=without, select=select)).fetchall()
    width = len(query.keys)
    margins = {}
    for row in rows:
        key = tuple(None if cell is None else str(cell) for cell in row[:width])
        margins[key] = min(count - minimum for count, (_, minimum) in zip(row[width:], query.thresholds))
    return margins


def released(query, rows):
    # The raw engine's spelling of a boolean is Python's.
    spell = lambda cell: {"true": "True", "false": "False"}.get(cell, cell)
    width = len(query.keys)
    return {tuple(spell(cell) for cell in row[:width]): row[width:] for row in rows}


def test_a_person_more_or_less(random_room):
    """With and without one person's rows, results differ only in groups that keep the minimum."""
    generator = Generator(random.Random(SEED + 1))
    changed = vanished = 0
    for start in range(0, NEIGHBOURS, 10):
        random_room.leave_out(generator.rng.choice(random_room.persons))
        queries = []
        while len(queries) < min(10, NEIGHBOURS - start):
            query = generator.query(keyed=True)
            if not query.is_list:
                queries.append(query)
        texts = [(query.text(True, without=without), query.runner) for query in queries for without in (False, True)]
        found = results(random_room, texts)
        for index, query in enumerate(queries):
            full, less = (released(query, rows) for rows in found[2 * index:2 * index + 2])
            margins, margins_less = (groups(random_room, query, without) for without in (False, True))
            # Nothing is released below the minimum in the data at hand, and nothing above it is held back.
            assert set(full) == {key for key, margin in margins.items() if margin >= 0}, query.text(True)
            assert set(less) == {key for key, margin in margins_less.items() if margin >= 0}, query.text(True)
            for key in full.keys() & less.keys():
                changed += full[key] != less[key]
            # A group that only one of the results shows lies at the minimum: one person decides.
            for key in full.keys() ^ less.keys():
                vanished += 1
                assert margins[key] >= 0 > margins_less.get(key, -1), query.text(True)
    print(f"neighbours: {NEIGHBOURS} queries, {changed} changed groups, {vanished} that vanished")
    assert changed > NEIGHBOURS // 10
