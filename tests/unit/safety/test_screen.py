"""Danger is seen and what only looks like it is not."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import TIERS, Tier, Verdict
from bot.safety import screen as module
from bot.safety.languages import Reading, default_model
from bot.safety.learned import Scores
from bot.safety.normalise import words
from bot.safety.rules import PATTERNS
from bot.safety.screen import screen

SECONDS = 0.2
CRISIS = [
    ("I want to die", "I could die of boredom waiting for results"),
    ("I just wanna die", "my phone died"),
    ("I wish I was dead", "my battery is dead"),
    ("I'd be better off dead", "how do I remove dead skin on my lips"),
    ("everyone would be better off without me", "is my skin better off without the cream"),
    ("I don't want to live anymore", "I want to live with clear skin"),
    ("I dont want to be here anymore", "I don't want to be here all day"),
    ("I don't want to wake up tomorrow", "I don't want to wake up with dry lips"),
    ("there's no point in living", "there is no point in going back to antibiotics"),
    ("life is not worth living", "is the cream worth it"),
    ("I have nothing to live for", "nothing works for my acne"),
    ("I'm tired of being alive", "I'm tired of acne"),
    ("I can't do this anymore", "I can't do this without lip balm"),
    ("I feel suicidal", "I'm not suicidal"),
    ("I'm thinking about suicide", "is there a link between isotretinoin and suicide"),
    ("I have been thinking about killing myself", "this acne is killing me"),
    ("I want to kill myself", "I would kill for clear skin"),
    ("im gonna kms", "I gained two kgs"),
    ("I want to end my life", "I want to end my course early"),
    ("I've been cutting my arms again", "I cut myself shaving this morning"),
    ("I want to hurt myself", "I hurt myself at the gym"),
    ("I'm going to overdose on my accutane", "how many mg a day is the usual dose"),
    ("I wrote a goodbye letter", "this is goodbye to acne"),
    ("I have given up on life", "I have given up on dairy"),
    ("I'm a burden to my family", "the price is a burden"),
    ("i started giving away all my things", "can I give my capsules away"),
    ("i want to disappear", "I want my scars to disappear"),
    ("i want to unalive myself", "I loved the suicide squad movie"),
    ("i hope i don't wake up", "I wake up early"),
    ("I'm done with life", "I am done with treatment next week"),
    ("I have suicidal thoughts", "can accutane cause suicidal thoughts"),
    ("my son says he wants to die", "my son is starting accutane"),
    ("my daughter is talking about killing herself", "my daughter takes two capsules a day"),
    ("my husband has been googling ways to die", "my husband has been googling acne creams"),
    ("he tried to hang himself", "he wants to hang out with friends"),
]
MOOD = [
    ("I feel so depressed", "I don't feel depressed at all"),
    ("I'm really depressed since starting", "does isotretinoin cause depression"),
    ("I feel hopeless", "I feel hopeful"),
    ("I've been feeling very low", "I've been on a very low dose"),
    ("I feel so low", "I feel a bit low on energy"),
    ("I can't stop crying", "my skin is crying out for cream"),
    ("I don't feel like myself anymore", "I don't feel like going to the gym"),
    ("I've lost all interest in everything", "I lost weight"),
    ("I don't enjoy anything anymore", "I don't enjoy the taste of fish oil"),
    ("I had a panic attack", "does it cause panic attacks"),
    ("my anxiety is through the roof", "is anxiety a side effect"),
    ("I'm hearing voices at night", "I hear good things about accutane"),
    ("there are voices in my head", "I have spots on my head"),
    ("I want to punch everyone", "a punch biopsy is booked for everyone in the study"),
    ("I'm so angry all the time", "my face is so angry and red"),
    ("my anger is out of control", "my oily skin is out of control"),
    ("I can't sleep because of racing thoughts", "I can't sleep because of the itching"),
    ("my son locks himself in his room", "my son keeps his capsules in his room"),
    ("she won't leave her room", "she won't leave her acne alone"),
    ("everything feels pointless", "everything feels dry"),
    ("I'm worried about my daughter's mood", "I'm worried about my skin"),
    ("my mental health has gone downhill", "can I take it with a history of depression"),
    ("I hate myself", "I hate my acne"),
    ("I feel like I'm losing my mind", "I'm losing my hair"),
    ("I think I'm going crazy", "going crazy with the itch"),
    ("he is a different person since accutane", "he is on a different brand since May"),
    ("my husband has become withdrawn", "my husband has become sunburnt"),
    ("feeling numb and empty", "my lips feel numb"),
    ("i feel empty inside", "should I take it on an empty stomach"),
    ("i feel down every day", "I'm a bit down with a cold"),
]
MEDICAL = [
    ("I can't breathe", "I can't wait to start"),
    ("my throat is closing up", "my pores are closing up"),
    ("my face is swelling", "my face is dry"),
    ("my tongue swelled up", "I burnt my tongue"),
    ("I think it's anaphylaxis", "I think it's eczema"),
    ("short of breath", "I'm short of capsules"),
    ("this is the worst headache of my life", "I have a mild headache"),
    ("headache and blurry vision", "does isotretinoin affect night vision"),
    ("I lost my vision", "my vision is fine"),
    ("I suddenly can't see out of one eye", "I can't see my derm until March"),
    ("I had a seizure", "can isotretinoin cause seizures"),
    ("I'm slurring my words", "in my own words"),
    ("I passed out", "I passed my exam"),
    ("I fainted this morning", "I forgot my capsule this morning"),
    ("severe stomach pain", "mild stomach pain"),
    ("awful abdominal pain and vomiting", "does it cause stomach pain"),
    ("my eyes have turned yellow", "yellow pus in pimples"),
    ("jaundice", "is jaundice a side effect"),
    ("my pee is dark brown", "my pee is fine"),
    ("dark urine since yesterday", "dark marks since last year"),
    ("there is blood in my stool", "there is blood in my nose"),
    ("bloody diarrhea", "can it cause diarrhea"),
    ("chest pain", "chest acne"),
    ("pain in my chest", "acne on my chest"),
    ("blisters all over my mouth and fever", "the capsules come in a blister pack"),
    ("my skin is peeling off in sheets", "peeling skin on my hands"),
    ("my baby swallowed a capsule", "what if my dog eats one"),
    ("I accidentally took two capsules", "I take two capsules a day"),
    ("I took too many capsules", "how many capsules a day"),
    ("i took 10 tablets", "I took 10 mg for a month"),
    ("sudden weakness in my arm", "my muscles ache after training"),
    ("can't feel my arm", "I can't feel any difference"),
    ("muscle weakness and dark urine", "my legs hurt after leg day"),
    ("call an ambulance", "call the pharmacy"),
    ("my daughter fainted", "can I faint after the blood test"),
    ("he had a fit", "I like to keep fit"),
    ("i'm throwing up blood", "blood test next week"),
]
PREGNANCY = [
    ("my wife just found out she got pregnant", "I am not pregnant"),
    ("positive pregnancy test", "my pregnancy test was negative"),
    ("my pregnancy test is positive", "do I need a pregnancy test every month"),
    ("two lines on my test", "fine lines on my forehead"),
    ("there is a faint line", "there is a long line at the pharmacy"),
    ("I got pregnant on accutane", "why must I not get pregnant"),
    ("i fell pregnant", "can I get pregnant after accutane"),
    ("I missed my period", "does it affect my period"),
    ("I haven't had my period", "my periods are lighter"),
    ("period 5 days late", "is a period of 5 months normal"),
    ("I'm two weeks late", "I'm two days late with my refill"),
    ("late period", "irregular periods on accutane"),
    ("we had unprotected sex", "what happens to my sex drive"),
    ("we had sex without a condom", "can men on accutane have children"),
    ("the condom broke", "what happens if the condom breaks"),
    ("condom split last night", "which condom is best"),
    ("I missed my pill and had sex", "I missed a dose"),
    ("forgot my birth control and had sex", "which birth control is best"),
    ("he pulled out", "I pulled out of the gym"),
    ("I need the morning after pill", "I take a pill in the morning"),
    ("I took plan b", "what's plan B if it doesn't work"),
    ("do I need emergency contraception", "which contraception is best"),
    ("my iud fell out", "is the iud enough"),
    ("my implant expired", "my prescription expired"),
    ("my patch fell off", "a patch of dry skin on my arm"),
    ("he came inside me", "he came with me to the clinic"),
    ("knocked up", "I knocked my knee"),
    ("my girlfriend missed her period", "my girlfriend missed her appointment"),
    ("sex with no condom", "no protection from the sun"),
    ("i had sex and the condom ripped", "my lips ripped open"),
    ("my partner and i had unsafe sex", "is it unsafe to drink"),
    ("the test was positive", "my blood test was fine"),
]
LOOK_ALIKES = [
    "what is the risk of suicide on accutane",
    "are the suicide warnings real",
    "does accutane increase suicide risk",
    "I'm dying to see results",
    "I nearly died of embarrassment at school",
    "my skin is dying for moisture",
    "my lips are killing me",
    "this dry skin will be the death of me",
    "dead skin cells",
    "I want my acne to disappear",
    "I want my scars to vanish",
    "when does the purge end",
    "can I end the treatment early",
    "when should I stop taking it at the end of the course",
    "I burned myself on the oven",
    "can I cut the capsule in half",
    "I can't go on holiday without my capsules",
    "I can't take it with milk",
    "can I take it together with vitamin A",
    "what happens at the end of the course",
    "I give up on dairy",
    "I jumped from 20 to 40 mg",
    "how long will I live with acne",
    "I live with my parents",
    "I can't live without lip balm",
    "I'm not depressed",
    "I have never been suicidal",
    "no suicidal thoughts",
    "I had depression years ago",
    "I used to be depressed as a teenager",
    "history of depression",
    "my depression has been in remission for years",
    "can I take isotretinoin with antidepressants",
    "I take sertraline for anxiety, is that ok",
    "does accutane cause mood swings",
    "what mood changes should I look out for",
    "what are warning signs of depression",
    "is mood affected at low dose",
    "my mood is great",
    "my mood has improved a lot",
    "I feel so much better",
    "I feel happy",
    "low dose accutane",
    "I am on a low dose",
    "sad about the price",
    "angry red spots",
    "on an empty stomach",
    "how do I stay calm before a blood test",
    "crying out for moisture",
    "headache after taking the capsule",
    "can it cause headaches",
    "what headaches are dangerous",
    "I got a slight headache",
    "my eyes are dry",
    "contact lenses hurt",
    "I can't see any difference yet",
    "I have chest acne",
    "my chest is breaking out",
    "acne on chest and back",
    "my chest is dry",
    "chest acne is clearing",
    "my lips are peeling",
    "does your skin peel",
    "I lost the blister pack",
    "hard to swallow the capsules",
    "it is hard to swallow big capsules",
    "I forgot a capsule yesterday",
    "should I take two capsules after a missed dose",
    "can I take 2 capsules a day",
    "I take 20 mg twice a day",
    "I stay fit",
    "does it fit in my bag",
    "I can't hear back from my dermatologist",
    "stomach ache after the capsule",
    "I need a blood test",
    "nosebleeds every day",
    "dry nose and blood when I blow it",
    "joint pain after gym",
    "my muscles ache",
    "back pain after training",
    "can dogs smell accutane",
    "keep capsules away from children",
    "is it safe while pregnant",
    "how long after stopping can I get pregnant",
    "what happens if you get pregnant on accutane",
    "my sister is pregnant, can she touch the capsules",
    "I had a negative pregnancy test",
    "I'm breastfeeding",
    "heavy periods",
    "what if I miss a pill",
    "I missed my appointment",
    "I am a week late for my blood test",
    "forgot my capsules at home",
    "plan b for acne if accutane fails",
    "sun protection",
    "can I take the pill with isotretinoin",
    "is the mini pill enough",
    "I'm in the third line of treatment",
    "can I drink alcohol",
    "how do I stop my lips from cracking",
    "will my hair grow back",
    "can I donate blood",
    "is laser hair removal ok",
    "how long does a course take",
    "bye for now",
    "goodbye",
    "what is iPLEDGE",
    "i can't wait to start",
    "I can't stand the dry lips anymore",
    "i'm tired of acne",
    "i'm sick of spots",
    "i am done with treatment next week",
    "i hate my skin",
    "i hate my acne",
    "how bad is it to eat fatty food",
    "nothing works",
    "what are the signs of a severe reaction",
    "should I worry about liver problems",
    "does it cause jaundice",
    "how many mg is an overdose",
    "my friend took accutane",
    "my brother took accutane and it worked",
    "my son took his capsule without food",
    "she had a baby last year",
    "with children is it safe",
    "I slept badly",
    "how do i get rid of blackheads",
    "blackheads are gone",
    "my urine test is fine",
    "is dark urine normal",
    "the brown capsule",
    "what do i do in an emergency",
    "who do I call in an emergency",
    "I'm going to hang out with friends",
    "my hangover is bad",
    "I cut out sugar",
    "cut down on dairy",
    "I was cutting onions",
    "shooting pain in knee",
    "i'm burning in the sun easily",
    "the end is near for my acne",
    "accutane gave me my life back",
    "life is good",
    "I want to live life with clear skin",
    "i don't want to do this blood test anymore",
    "no reason to worry",
    "I have no reason to worry, right",
    "I used to self harm years ago, can I take it",
    "my mum had depression years ago",
    "is it ok if my father had depression",
    "my depression is well controlled, can I take accutane",
    "does accutane help depression caused by acne",
    "people say accutane makes you depressed",
    "I read that accutane causes depression",
    "i'm scared of getting depressed",
    "will I get depressed",
    "i don't want to get depressed",
    "is it true that some people killed themselves on accutane",
    "does the blood test hurt",
    "my eyes hurt",
    "sun hurts my skin",
    "hearing is fine",
    "i hear good things about accutane",
    "seeing results",
    "I'm mad about the price",
    "angry at the pharmacy",
    "rage quit the gym",
]


@pytest.mark.parametrize(("danger", "harmless"), CRISIS)
def test_a_wish_to_die_or_to_hurt_oneself_is_a_crisis_and_its_look_alike_is_not(danger: str, harmless: str) -> None:
    assert screen(danger).tier == "crisis"
    assert not screen(harmless).danger


@pytest.mark.parametrize(("danger", "harmless"), MOOD)
def test_a_disturbed_mood_is_urgent_and_its_look_alike_is_not(danger: str, harmless: str) -> None:
    assert screen(danger).tier == "urgent_mood"
    assert not screen(harmless).danger


@pytest.mark.parametrize(("danger", "harmless"), MEDICAL)
def test_an_alarming_sign_is_an_emergency_and_its_look_alike_is_not(danger: str, harmless: str) -> None:
    assert screen(danger).tier == "medical_emergency"
    assert not screen(harmless).danger


@pytest.mark.parametrize(("danger", "harmless"), PREGNANCY)
def test_a_possible_pregnancy_is_seen_and_its_look_alike_is_not(danger: str, harmless: str) -> None:
    assert screen(danger).tier == "pregnancy_exposure"
    assert not screen(harmless).danger


@pytest.mark.parametrize("text", LOOK_ALIKES)
def test_a_harmless_message_raises_nothing(text: str) -> None:
    assert screen(text).evidence == ()
    assert screen(text).tier == "none"


@pytest.mark.parametrize(
    "text",
    [
        "I WANT TO DIE!!!",
        "i want to d1e",
        "i want to k i l l myself",
        "i want to k.i.l.l myself",
        "k*ll myself",
        "su!cide is all i think about",
        "i wаnt to dіe",
        "i waaaant to dieeee",
        "ｉ ｗａｎｔ ｔｏ ｄｉｅ",
        "i want to d\u200bie",
        "i want\x00to\x07die",
        "I\u2019m suicidal",
        "im sucidal",
        "i want to kill myslef",
        pytest.param("hello " * 5000 + "i want to die", id="at the end of a long text"),
        pytest.param("i want to die " + "hello " * 5000, id="at the beginning of a long text"),
        "can I drink alcohol? I want to die",
        "/I want to die",
        "does it work. i want to die. thanks",
    ],
)
def test_a_disguised_or_buried_wish_to_die_is_seen(text: str) -> None:
    assert screen(text).tier == "crisis"


@pytest.mark.parametrize(
    ("text", "tier"),
    [
        ("I feel so depressed and I want to die", "crisis"),
        ("I missed my period and I want to die", "crisis"),
        ("I feel hopeless and my chest pain is back", "medical_emergency"),
        ("the condom broke and I feel so depressed", "pregnancy_exposure"),
    ],
)
def test_of_several_dangers_the_gravest_counts_and_all_are_evidence(text: str, tier: Tier) -> None:
    verdict = screen(text)
    assert verdict.tier == tier
    assert len({rule.split(".")[0] for rule in verdict.evidence}) == 2


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("my son says he wants to die", True),
        ("she can't breathe", True),
        ("my daughter is so depressed", True),
        ("I want to die", False),
        ("I can't breathe", False),
    ],
)
def test_danger_of_someone_else_is_told_from_ones_own(text: str, other: bool) -> None:
    verdict = screen(text)
    assert verdict.danger
    assert verdict.about_other is other


@pytest.fixture
def no_model(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Take the language model away."""
    module._read.cache_clear()
    monkeypatch.setattr(module, "_model", lambda: None)
    yield
    module._read.cache_clear()


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.usefixtures("no_model")
def test_a_sure_learned_score_raises_its_tier_where_no_rule_does(tier: Tier) -> None:
    assert screen("hello", {"passages": [{tier: 0.98}]}) == Verdict(tier, 0.98, (f"{tier}.learned",))


def test_a_learned_score_that_the_language_model_does_not_share_raises_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_read", lambda _text: Reading(sure=1.0, passages=(dict.fromkeys(TIERS, 0.001),)))
    assert not screen("hello", {"passages": [{"crisis": 0.9}]}).danger


def test_learned_scores_never_lower_what_the_rules_found_and_may_raise_it() -> None:
    assert screen("I want to die", {"passages": [dict.fromkeys(TIERS, 0.0)]}).tier == "crisis"
    assert screen("I want to die", {"passages": [{"urgent_mood": 0.9}]}).tier == "crisis"


@pytest.mark.usefixtures("no_model")
def test_the_gravest_of_rules_and_learned_scores_counts() -> None:
    both = screen("I can't breathe", {"passages": [{"crisis": 0.5}]})
    assert both.tier == "crisis"
    assert both.score >= 0.95


CALM = {"passages": [dict.fromkeys(TIERS, 0.001)]}


@pytest.mark.parametrize(
    ("text", "scores", "share", "tier"),
    [
        ("I want to kill myself", CALM, 0.001, "none"),
        ("I want to kill myself", CALM, 0.9, "crisis"),
        ("I want to kill myself", {"passages": [{"crisis": 0.9}]}, 0.001, "crisis"),
        ("I want to kill myself", None, 0.001, "crisis"),
        ("i want to k1ll mys3lf", CALM, 0.001, "crisis"),
    ],
    ids=["both models are calm", "one is not", "nor the other", "one was not asked", "the words are disguised"],
)
def test_a_rule_counts_unless_both_models_see_nothing(
    text: str, scores: Scores | None, share: float, tier: Tier, monkeypatch: pytest.MonkeyPatch
) -> None:
    passage = dict.fromkeys(TIERS, share / 4)
    monkeypatch.setattr(module, "_read", lambda _text: Reading(sure=1.0, passages=(passage,)))
    assert screen(text, scores).tier == tier


@pytest.mark.parametrize("scores", [None, {}, {"passages": [{"alcohol": 1.0}]}, {"passages": [{"crisis": 0.0}]}])
def test_without_scores_of_tiers_only_the_rules_count(scores: Scores | None) -> None:
    calm = screen("hello", scores)
    assert (calm.tier, calm.evidence) == ("none", ())
    assert calm.score < 0.05
    assert screen("I want to die", scores).tier == "crisis"


@pytest.mark.parametrize("part", ["readings", "default_rules", "about_other", "graver"])
def test_an_error_inside_counts_as_danger_and_is_logged_without_raising(
    part: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(module, part, broken)
    with caplog.at_level(logging.ERROR, logger="bot.safety.screen"):
        verdict = screen("I want to die")
    assert (verdict.tier, verdict.evidence) == ("urgent_mood", ("screen.error",))
    assert verdict.danger
    assert "safety screen failed" in caplog.text


@pytest.mark.parametrize("text", [None, 5, b"bytes", ["list"]])
def test_what_is_no_text_counts_as_danger_too(text: object) -> None:
    assert screen(text).evidence == ("screen.error",)  # type: ignore[arg-type]


@pytest.mark.parametrize("scores", [{"passages": [{"crisis": "much"}]}, {"passages": 0.9}, {"clauses": [0.9]}])
def test_scores_that_cannot_be_read_count_as_danger_too(scores: object) -> None:
    assert screen("hello", scores).evidence == ("screen.error",)  # type: ignore[arg-type]


RULE_NAMES = {
    f"{tier}.{name}" for tier, rules in yaml.safe_load(PATTERNS.read_text(encoding="utf-8")).items() for name in rules
}
LANGUAGES = {f"{tier}.language_{code}" for tier in ("crisis", "urgent_mood") for code in default_model().languages}
ALLOWED = RULE_NAMES | {f"{tier}.learned" for tier in TIERS} | {"screen.error"} | LANGUAGES
DANGEROUS = [danger for danger, _ in (*CRISIS, *MOOD, *MEDICAL, *PREGNANCY)]
VOCABULARY = sorted({word for text in (*DANGEROUS, *LOOK_ALIKES) for word in words(text.lower())})
ODD = "\ud800\udfff\x00\x1b\x7f\u200b\u202e\ufeff\u0301*_.-@$!/'\n"
TEXT = (
    st.text(st.characters() | st.sampled_from(ODD), max_size=300)
    | st.lists(st.sampled_from(VOCABULARY), max_size=60).map(" ".join)
    | st.lists(st.sampled_from(DANGEROUS) | st.text(st.sampled_from(ODD), max_size=5), max_size=8).map("".join)
)


@pytest.mark.parametrize("text", DANGEROUS)
def test_evidence_names_rules_and_never_words_of_the_message(text: str) -> None:
    evidence = screen(f"{text} zebra-marmalade").evidence
    assert evidence
    assert set(evidence) <= RULE_NAMES | LANGUAGES
    assert "zebra" not in " ".join(evidence)


@given(TEXT)
@settings(deadline=None, max_examples=300)
def test_any_text_gets_a_verdict_of_known_rules_and_quickly(text: str) -> None:
    module.default_rules()
    before = time.process_time()
    verdict = screen(text)
    assert time.process_time() - before < SECONDS
    assert "screen.error" not in verdict.evidence
    assert set(verdict.evidence) <= ALLOWED
    assert verdict.danger == bool(verdict.evidence)


@given(TEXT, st.sampled_from(DANGEROUS))
@settings(deadline=None)
def test_danger_after_any_text_in_a_line_of_its_own_is_still_seen(text: str, danger: str) -> None:
    assert screen(f"{text}\n.\n{danger}").danger
