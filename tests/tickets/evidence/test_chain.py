"""No link of the chain over a ticket's files can be changed, taken out, added or moved."""

from dataclasses import asdict, replace

from hypothesis import given
from hypothesis import strategies as st

from tickets.evidence.chain import FIRST, Entry, Link, bind, first_break

entries = st.builds(
    Entry,
    number=st.just("SLM-26-7K3QX"),
    media=st.text(max_size=8),
    by=st.sampled_from(["citizen", "operator"]),
    role=st.sampled_from(["evidence", "proof", "message"]),
    sha256=st.text("0123456789abcdef", min_size=64, max_size=64),
    size=st.integers(0, 10**7),
    at=st.just("2026-11-22T04:00:00+00:00"),
)


def chained(found):
    links, previous = [], FIRST
    for seq, entry in enumerate(found, 1):
        previous = bind(previous, asdict(entry))
        links.append(Link(seq, asdict(entry), previous))
    return links


@given(st.lists(entries, max_size=6))
def test_a_chain_as_it_was_made_holds(found):
    assert first_break(chained(found)) is None


@given(st.lists(entries, min_size=2, max_size=6), st.data())
def test_any_change_is_noticed_where_it_is(found, data):
    links = chained(found)
    at = data.draw(st.integers(0, len(links) - 1))
    for name, value in (("sha256", "f" * 63 + "g"), ("size", -1), ("by", "nobody"), ("media", "x" * 9)):
        changed = [*links]
        changed[at] = replace(links[at], entry={**links[at].entry, name: value})
        assert first_break(changed) == at + 1
    assert first_break([*links[:at], *links[at + 1 :]]) == (None if at == len(links) - 1 else at + 1)
    assert first_break([*links, links[at]]) == len(links) + 1
