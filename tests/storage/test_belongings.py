from itertools import chain

from storage.people import belongings
from storage.rows import metadata

NAMED = (
    belongings.KNOWN_OF_ADDRESS,
    belongings.PASSED_ADDRESS,
    belongings.OF_TALKS,
    belongings.OF_DEEDS,
    belongings.KEPT,
)


def test_every_table_that_names_a_person_is_known_to_do_so():
    """A table added later with an address or a contact in it would outlive an erasure unnoticed."""
    personal = {
        table.name
        for table in metadata.sorted_tables
        if {"channel", "address"} <= set(table.c.keys()) or {"contact", "reporter"} & set(table.c.keys())
    }

    assert {table.name for table in chain.from_iterable(NAMED)} == personal


def test_no_table_is_named_twice():
    every = [table.name for table in chain.from_iterable(NAMED)]

    assert len(every) == len(set(every))
