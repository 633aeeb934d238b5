import gzip
import re

from bot.channels.texts import LANGUAGES, load_texts
from bot.channels.webchat.channel import PAGE

FILES = {path.name: path.read_text() for path in PAGE.iterdir()}
SCRIPTS = "".join(text for name, text in FILES.items() if name.endswith(".js"))


def test_the_page_is_small():
    assert sum(len(gzip.compress(text.encode())) for text in FILES.values()) < 60_000


def test_nothing_comes_from_elsewhere():
    elsewhere = re.findall(
        r"(?:src|href|import|fetch|url)\W+((?:https?:)?//[^\"'\s]+)", "".join(FILES.values())
    )
    assert elsewhere == []


def test_nothing_people_write_becomes_markup():
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function", SCRIPTS
    )


def test_no_inline_script_or_style_that_the_policy_would_block():
    assert not re.search(r"\son\w+=|\sstyle=|<style|<script(?![^>]*\ssrc=)", FILES["index.html"])


def test_every_text_the_page_asks_for_is_there_in_every_language():
    texts = load_texts(PAGE / "texts.json")
    asked = set(re.findall(r'data-(?:text|label|placeholder)="(\w+)"', FILES["index.html"]))
    asked |= set(re.findall(r'(?:say|tell|notice|label)\("(\w+)"\)', SCRIPTS))
    assert asked
    for language in LANGUAGES:
        assert asked <= texts[language].keys()
