import pytest


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("lampu jalan mati sudah seminggu", "id"),
        ("jln rusak bgt dpn rmh", "id"),
        ("dalane bodhol wis suwe ora didandani", "jv"),
        ("nyuwun tulung, lampunipun mboten murub", "jv"),
        ("kapan didandani to lurahe kok meneng wae", "jv"),
        ("matur nuwun", "jv"),
        ("the street light is broken", "en"),
        ("thank you", "en"),
        ("", "id"),
        ("12345", "id"),
        ("KTP", "id"),
    ],
)
def test_the_language_of_a_message(interpreter, text, language):
    assert interpreter.interpret(text).language == language
