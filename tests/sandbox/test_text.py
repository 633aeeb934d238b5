"""Formatted text, counted in UTF-16 as Telegram does."""

from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.entities import Entity, parse_html, trimmed, utf16_length, with_automatic
from bot.sandbox.errors import ApiError
from bot.sandbox.markdown import RESERVED, parse_markdown, parse_markdown_v2


def covered(text: str, entity: Entity) -> str:
    units = text.encode("utf-16-le")
    return units[entity["offset"] * 2 : (entity["offset"] + entity["length"]) * 2].decode("utf-16-le")


def shown(text: str, entities: list[Entity]) -> list[tuple[str, str]]:
    return [(entity["type"], covered(text, entity)) for entity in entities]


HTML = [
    ("plain", "plain", []),
    ("&lt;b&gt; &amp;&quot;&#33;&#x1F600; &nbsp;", '<b> &"!😀 &nbsp;', []),
    ("<b>a <i>b😀</i></b>c", "a b😀c", [("bold", "a b😀"), ("italic", "b😀")]),
    ("😀<u>x</u>", "😀x", [("underline", "x")]),
    ('<a href="https://x.id/?a=1&amp;b=2">y</a>', "y", [("text_link", "y")]),
    ("<a href='nonsense'>y</a>", "y", []),
    ('<pre><code class="language-python">x</code></pre>', "x", [("pre", "x")]),
    ('<span class="tg-spoiler">x</span>', "x", [("spoiler", "x")]),
    ("<blockquote expandable>x</blockquote>", "x", [("expandable_blockquote", "x")]),
    ("<B>x</B>", "x", [("bold", "x")]),
]


@pytest.mark.parametrize(("source", "text", "entities"), HTML)
def test_html(source: str, text: str, entities: list[tuple[str, str]]) -> None:
    parsed, found = parse_html(source)
    assert parsed == text
    assert shown(parsed, found) == entities


MARKDOWN_V2 = [
    ("*a _b_*", "a b", [("bold", "a b"), ("italic", "b")]),
    (r"1\.", "1.", []),
    ("[x](https://x.id)", "x", [("text_link", "x")]),
    ("`a*b`", "a*b", [("code", "a*b")]),
    ("```python\nx\n```", "x\n", [("pre", "x\n")]),
    ("__u__ ~s~ ||p||", "u s p", [("underline", "u"), ("strikethrough", "s"), ("spoiler", "p")]),
    (">q *b*\nr", "q b\nr", [("blockquote", "q b"), ("bold", "b")]),
]


@pytest.mark.parametrize(("source", "text", "entities"), MARKDOWN_V2)
def test_markdown_v2(source: str, text: str, entities: list[tuple[str, str]]) -> None:
    parsed, found = parse_markdown_v2(source)
    assert parsed == text
    assert shown(parsed, found) == entities


def test_older_markdown() -> None:
    text, found = parse_markdown(r"*a* _b_ `c` [d](https://x.id) \_e")
    assert text == "a b c d _e"
    assert shown(text, found) == [("bold", "a"), ("italic", "b"), ("code", "c"), ("text_link", "d")]
    with pytest.raises(ApiError, match="Can't find end of the entity starting at byte offset 2"):
        parse_markdown("a *b")


def test_what_is_linked_by_itself() -> None:
    text = "/start@kentongan_bot 😀 https://x.id #jalan @warga_satu a@b.id dan/atau 1/2"
    assert shown(text, with_automatic(text, [])) == [
        ("bot_command", "/start@kentongan_bot"),
        ("url", "https://x.id"),
        ("hashtag", "#jalan"),
        ("mention", "@warga_satu"),
        ("email", "a@b.id"),
    ]


def test_nothing_is_linked_inside_code() -> None:
    assert with_automatic("/start", [{"type": "code", "offset": 0, "length": 6}]) == [
        {"type": "code", "offset": 0, "length": 6}
    ]


def test_white_space_is_cut_and_entities_move_along() -> None:
    assert trimmed(*parse_html("  \n<b> x </b> ")) == ("x", [{"offset": 0, "length": 1, "type": "bold"}])


@given(st.text())
def test_escaped_text_comes_back_whole(text: str) -> None:
    assert parse_html(escape(text, quote=False)) == (text, [])


@given(st.text(), st.text(min_size=1), st.text())
def test_a_tag_covers_exactly_its_text(before: str, inside: str, after: str) -> None:
    text, entities = parse_html(
        f"{escape(before)}<b>{escape(inside)}</b>{escape(after)}".replace("&#x27;", "'")
    )
    assert text == before + inside + after
    assert shown(text, entities) == [("bold", inside)]


@given(st.text(alphabet="<>/b i&;a=\"'é😀"))
def test_html_either_parses_or_is_refused_as_telegram_would(source: str) -> None:
    try:
        text, entities = parse_html(source)
    except ApiError as problem:
        assert problem.description.startswith("Bad Request: can't parse entities: ")  # noqa: PT017 - either is fine
    else:
        assert all(0 <= e["offset"] < e["offset"] + e["length"] <= utf16_length(text) for e in entities)


@given(st.text())
def test_escaped_markdown_comes_back_whole(text: str) -> None:
    escaped = "".join(f"\\{c}" if c in RESERVED or c == "\\" else c for c in text)
    assert parse_markdown_v2(escaped) == (text, [])


@given(st.text(alphabet="*_~|`[]()>\\ab\n"))
def test_markdown_either_parses_or_is_refused(source: str) -> None:
    try:
        text, entities = parse_markdown_v2(source)
    except ApiError:
        return
    assert all(e["offset"] + e["length"] <= utf16_length(text) for e in entities)
