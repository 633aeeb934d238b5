from hypothesis import given, settings
from hypothesis import strategies as st

from tickets.screening import MASK

SAID = """saya tak bunuh bakar kantor lurah kamu cina papua usir dasar orang babi anjing katanya sebarkan slot
gacor Pak Sukirman korupsi uang ayo rame-rame bawa bensin di depan jangan tidak semua itu memang sampah jalan
rusak gereja 081234567890 3404071204900001 AB 1234 XY budi@contoh.id mati saja wae . ! ?"""
WORDS = st.sampled_from(SAID.split())
TEXTS = st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=25).map(" ".join))


@settings(max_examples=300, deadline=None)
@given(text=TEXTS)
def test_whatever_is_written_the_verdict_points_into_it(judge, text):
    result = judge(text)
    assert len(result.masked) == len(text)
    for finding in result.findings:
        assert finding.advice
        assert all(0 <= start <= end <= len(text) for start, end in finding.spans)
        assert all(
            one[1] <= other[0] for one, other in zip(finding.spans, finding.spans[1:], strict=False)
        ), "spans overlap"


@settings(max_examples=200, deadline=None)
@given(text=TEXTS)
def test_masking_only_hides_and_only_what_was_found(judge, text):
    result = judge(text)
    hidden = {
        at
        for finding in result.findings
        if finding.signal == "personal_data"
        for start, end in finding.spans
        for at in range(start, end)
    }
    assert all(
        shown == written or (at in hidden and shown == MASK)
        for at, (shown, written) in enumerate(zip(result.masked, text, strict=True))
    )


@settings(max_examples=100, deadline=None)
@given(text=TEXTS)
def test_the_same_text_is_judged_the_same(judge, text):
    assert judge(text) == judge(text)
