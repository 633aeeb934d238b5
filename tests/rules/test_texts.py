"""What people read: in every language, and nothing in it that only its makers understand."""

import json
import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
RESPONSES = ROOT / "dialogs" / "responses"
LANGUAGES = ("id", "jv", "en")
SLOT = re.compile(r"\{(\w+)\}")

MACHINE_PATH = re.compile(r"(?:^|[^\w./<>-])/(?:home|Users|root|work|farm|mnt|srv)/\w")
REGISTRY = re.compile(
    r"https?://[\w.-]*(?:pypi|pythonhosted|npmjs|crates|artifactory|nexus)[\w.-]*", re.IGNORECASE
)
UNFINISHED = re.compile(
    r"\bTOD[O]\b|\bFIXM[E]\b|\bXX[X]\b|\bHAC[K]\b|(?<!asked )for no[w]\b"
    r"|in a rea[l] (?:system|implementation)"
    r"|raise NotImplementedErro[r]|pytest\.mark\.(?:ski[p]|xfai[l])\b|assert Tru[e]\b"
    r"|# type: ignor[e](?:$|[^\[])|noq[a](?:$|[^:])",
    re.MULTILINE,
)


def responses(path):
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))["responses"]


def citizen_files():
    """The folders of texts citizens see: the talk itself and each folder of news beside it."""
    return [RESPONSES, *(folder for folder in RESPONSES.iterdir() if (folder / "jv.yml").exists())]


def used(variants):
    words = json.dumps(variants, ensure_ascii=False)
    return set(SLOT.findall(words))


@pytest.mark.parametrize("folder", citizen_files(), ids=lambda folder: folder.name)
@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_citizen_text_exists_in_every_language(folder, language):
    reference, other = responses(folder / "id.yml"), responses(folder / f"{language}.yml")
    assert reference.keys() == other.keys()


@pytest.mark.parametrize("folder", citizen_files(), ids=lambda folder: folder.name)
@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_a_translation_fills_the_same_gaps(folder, language):
    reference, other = responses(folder / "id.yml"), responses(folder / f"{language}.yml")
    different = {name for name in reference if used(reference[name]) != used(other.get(name, []))}
    assert not different


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_a_translation_offers_the_same_buttons(language):
    reference, other = responses(RESPONSES / "id.yml"), responses(RESPONSES / f"{language}.yml")

    def payloads(variants):
        return {button["payload"] for one in variants for button in one.get("buttons", ())}

    different = {name for name in reference if payloads(reference[name]) != payloads(other.get(name, []))}
    assert not different


@pytest.mark.parametrize(
    "name",
    [
        "bot/channels/telegram/texts.json",
        "bot/channels/whatsapp/texts.json",
        "bot/channels/webchat/page/texts.json",
        "bot/reporting/texts.json",
        "bot/reporting/spoken.json",
        "bot/reporting/page.json",
    ],
)
def test_a_channels_own_words_exist_in_every_language(name):
    words = json.loads((ROOT / name).read_text(encoding="utf-8"))
    assert set(words) == set(LANGUAGES)
    assert all(words[language].keys() == words["id"].keys() for language in LANGUAGES)


def found(pattern, texts, suffixes=None):
    return [
        f"{path.relative_to(ROOT)}: {match[0].strip()}"
        for path, text in texts.items()
        if suffixes is None or path.suffix in suffixes
        for match in pattern.finditer(text)
    ]


def test_no_file_names_a_place_on_somebodys_machine(texts):
    assert found(MACHINE_PATH, texts) == []


def test_no_file_names_a_registry(texts):
    assert found(REGISTRY, texts) == []


def test_nothing_is_left_unfinished_or_silenced_without_a_reason(texts):
    assert found(UNFINISHED, texts, {".py", ".md", ".yml", ".toml", ".js"}) == []


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (MACHINE_PATH, "see /" + "home/ani/notes"),
        (REGISTRY, "index = https://" + "pypi.example/simple"),
        (UNFINISHED, "# TO" + "DO: later"),
        (UNFINISHED, "x = 1  # no" + "qa"),
    ],
)
def test_the_patterns_catch_what_they_are_for(pattern, line):
    assert pattern.search(line)
