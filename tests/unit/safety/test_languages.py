"""Danger in other languages: by the model, and without it by plain words."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest
import yaml

from bot.content.load import load_languages
from bot.errors import ModelError
from bot.model import ENGLISH, LANGUAGE_SURE, TIERS
from bot.safety import screen as module
from bot.safety.languages import FOLDER, LanguageModel, Reading, default_model
from bot.safety.learned import FOREIGN, NAMED, SPOKEN_HINT, tier_of_reading
from bot.safety.phrases import PHRASES, bare, language_of_danger
from bot.safety.screen import screen

SAID = [
    ("es", "Ya no quiero vivir.", "¿Cuánto tarda en hacer efecto la isotretinoína?"),
    ("fr", "J'ai envie de mourir, je n'en peux plus.", "Est-ce que je peux boire un verre de vin ?"),
    ("de", "Ich will nicht mehr leben.", "Wie lange dauert die Behandlung mit Isotretinoin?"),
    ("pt", "Não quero mais viver.", "Posso tomar sol durante o tratamento?"),
    ("it", "Voglio farla finita.", "Le labbra sono secche, che crema posso usare?"),
    ("nl", "Ik wil niet meer leven.", "Mag ik alcohol drinken met deze capsules?"),
    ("pl", "Nie chcę już żyć.", "Jak długo trwa leczenie izotretynoiną?"),
    ("tr", "Artık yaşamak istemiyorum.", "Bu ilacı aç karnına içebilir miyim?"),
    ("ar", "لا أريد أن أعيش.", "كم تستمر مدة العلاج؟"),
    ("hi", "मैं मरना चाहता हूँ।", "यह दवा कितने महीने लेनी होती है?"),
    ("ru", "Я больше не хочу жить.", "Можно ли загорать во время лечения?"),
    ("zh", "我不想活了。", "吃这个药可以喝酒吗？"),
]
ALIKE = [
    ("es", "me muero de risa"),
    ("fr", "je meurs de faim"),
    ("it", "muoio dal caldo, posso prendere la capsula?"),
    ("ru", "чуть не умер от смеха"),
    ("zh", "笑死我了"),
    ("en", "I want to die my hair"),
]


@pytest.mark.parametrize(("language", "danger", "harmless"), SAID, ids=[row[0] for row in SAID])
def test_a_crisis_in_each_language_is_seen_and_a_question_is_not_one(language: str, danger: str, harmless: str) -> None:
    found = screen(danger)
    assert (found.tier, found.language) == ("crisis", language)
    calm = screen(harmless)
    assert (calm.tier, calm.language) == ("none", language)
    assert calm.language_sure >= LANGUAGE_SURE


@pytest.mark.parametrize(("language", "danger", "harmless"), SAID, ids=[row[0] for row in SAID])
def test_without_the_model_plain_words_are_still_heard(
    language: str, danger: str, harmless: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def missing() -> LanguageModel:
        raise ModelError("The model is missing.", "Restore it.")

    module._model.cache_clear()
    module._read.cache_clear()
    monkeypatch.setattr(module, "default_model", missing)
    with caplog.at_level(logging.ERROR):
        found = screen(danger)
    module._model.cache_clear()
    module._read.cache_clear()
    assert (found.tier, found.language) == ("crisis", language)
    assert f"crisis.language_{language}" in found.evidence
    assert "plain words only" in caplog.text
    assert danger not in caplog.text
    assert language_of_danger(harmless) is None


@pytest.mark.parametrize(("language", "text"), ALIKE)
def test_idioms_are_no_plain_words_of_danger(language: str, text: str) -> None:
    assert language_of_danger(text) is None, language


def test_every_language_has_plain_words_and_replies_and_the_model_knows_it() -> None:
    spoken = set(yaml.safe_load(PHRASES.read_text(encoding="utf-8")))
    assert spoken == set(load_languages()) == set(default_model().languages) - {ENGLISH} == {row[0] for row in SAID}


def test_accents_hooks_and_invisible_characters_do_not_hide_danger() -> None:
    assert bare("\u0130NT\u0130HAR") == "intihar"
    assert language_of_danger("no quie\u200bro vivir") == "es"


READINGS = [
    ("a crisis in another language counts from its threshold on", "es", FOREIGN.crisis, 0.0, None, "crisis"),
    ("and not below", "es", FOREIGN.crisis - 0.01, 0.0, None, "none"),
    ("low mood counts with what there is of a crisis", "es", 0.1, FOREIGN.danger - 0.05, None, "urgent_mood"),
    ("a language that is not sure is none", "unsure", FOREIGN.crisis, 0.0, None, "none"),
    ("English is left to the other layers", "en", 0.99, 0.0, None, "none"),
    ("plain words count where the model sees a hint", "es", SPOKEN_HINT, 0.0, "es", "crisis"),
    ("and not where it has read a denial", "es", SPOKEN_HINT - 0.01, 0.0, "es", "none"),
]


@pytest.mark.parametrize(
    ("language", "crisis", "mood", "spoken", "tier"), [row[1:] for row in READINGS], ids=[row[0] for row in READINGS]
)
def test_from_a_reading_to_a_tier(language: str, crisis: float, mood: float, spoken: str | None, tier: str) -> None:
    passage = {**dict.fromkeys(TIERS, 0.0), "crisis": crisis, "urgent_mood": mood}
    sure = NAMED - 0.01 if language == "unsure" else NAMED
    assert tier_of_reading(Reading(language, sure, (passage,)), spoken)[0] == tier


def test_a_sentence_in_the_middle_of_a_long_story_counts() -> None:
    story = "Hoy fui al mercado con mi madre y compramos fruta. " * 12
    assert screen(f"{story} Ya no quiero vivir, quiero matarme. {story}").tier == "crisis"


@pytest.mark.parametrize("broken", ["missing", "model.onnx", "model.json", "tokenizer.json"])
def test_a_missing_or_damaged_model_is_an_error_that_says_what_to_do(broken: str, tmp_path: Path) -> None:
    if broken != "missing":
        for file in FOLDER.iterdir():
            (tmp_path / file.name).write_bytes(b"\x00damaged" if file.name == broken else file.read_bytes())
    with pytest.raises(ModelError, match="Restore assets/languages/"):
        LanguageModel(tmp_path)


def test_the_facts_beside_the_model_name_its_outputs() -> None:
    facts = json.loads((FOLDER / "model.json").read_text(encoding="utf-8"))
    reading = default_model().read("hello")
    assert set(facts["kinds"]) == {*TIERS, "harmless"}
    assert reading.language in facts["languages"]
    assert 0 < sum(reading.passages[0].values()) < 1
