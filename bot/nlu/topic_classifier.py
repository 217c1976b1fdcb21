"""Rasa component: the topic of a message, its ranking, and the separate questions in it."""

from __future__ import annotations

import hashlib
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any, Dict, List, Optional, Type

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.errors import ModelError
from bot.model import CONVERSATION_TOPICS, TIERS, Guess
from bot.nlu.classifier import OUT_OF_SCOPE, TopicModel
from bot.nlu.encoder import ENCODER_FILE, TOKENIZER_FILE, default_encoder
from bot.nlu.reading import Limits, Reading
from bot.safety.passages import read_in
from bot.settings import ROOT

QUESTIONS = "questions"
TIER_SCORES = "tier_scores"
_FILE = "topics.joblib"
_MADE_OF = ("classifier.py", "spacing.py")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TopicClassifier(GraphComponent, IntentClassifier):
    """Logistic regression on sentence vectors, nudged by n-grams (bot/nlu/classifier.py).

    Sets `intent` and `intent_ranking`, `questions` (topics of separate questions) and `tier_scores` (the probability of
    each safety tier in the message or its passages, and in its clauses). A long story is read in passages.
    """

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """Return the settings.

        Those of TopicModel; `elsewhere`, a file in the project with a text a line that is far from all messages, if there is
        one; the length of the ranking; how many questions are answered; and Limits.
        """
        return {
            "strength": 1.0,
            "ngram_weight": 0.2,
            "temperature": 1.0,
            "odds": {},
            "elsewhere": None,
            "ranking_length": 10,
            "max_questions": 3,
            "limits": asdict(Limits()),
        }

    def __init__(self, config: Dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._storage = model_storage
        self._resource = resource
        self._model: Optional[TopicModel] = None

    @classmethod
    def required_packages(cls) -> List[str]:
        """Return the packages that must be installed."""
        return ["onnxruntime", "sklearn", "tokenizers"]

    @classmethod
    def required_components(cls) -> List[Type[Any]]:
        """Return nothing: the component reads the text itself."""
        return []

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TopicClassifier:
        """Create an untrained component."""
        return cls(config, model_storage, resource)

    @classmethod
    def fingerprint_addon(cls, config: Dict[str, Any]) -> Optional[str]:
        """Return a digest of what the model is made of, so that Rasa trains anew when the encoder, the code or a text changes.

        Raises:
            ModelError: if the file of texts from elsewhere cannot be read.
        """
        digest = hashlib.sha256()
        for file in (ENCODER_FILE, TOKENIZER_FILE, *(Path(__file__).with_name(name) for name in _MADE_OF)):
            digest.update(file.read_bytes())
        digest.update("\n".join(_lines_of(config.get("elsewhere"))).encode())
        return digest.hexdigest()

    def train(self, training_data: TrainingData) -> Resource:
        """Train on the examples and persist the model.

        Raises:
            ModelError: if the file of texts from elsewhere cannot be read.
        """
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        self._model = TopicModel(
            default_encoder(threads=os.cpu_count() or 1),
            strength=self._config["strength"],
            ngram_weight=self._config["ngram_weight"],
            temperature=self._config["temperature"],
            odds=self._config["odds"],
        ).fit(
            [example.get(TEXT) for example in examples],
            [example.get(INTENT) for example in examples],
            _lines_of(self._config["elsewhere"]),
        )
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder / _FILE)
        return self._resource

    @classmethod
    def load(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> TopicClassifier:
        """Load a trained component.

        Raises:
            ModelError: if the model is missing or damaged.
        """
        component = cls(config, model_storage, resource)
        try:
            with model_storage.read_from(resource) as folder:
                component._model = TopicModel.load(folder / _FILE, default_encoder())
        except ValueError as error:
            raise ModelError("The model archive holds no topic model.", "Train again with `make train`.") from error
        return component

    def process(self, messages: List[Message]) -> List[Message]:
        """Set topic, ranking, questions and tier scores on each message."""
        for message in messages:
            text = message.get(TEXT) or ""
            if text.strip():
                self._understand(message, text)
        return messages

    def _understand(self, message: Message, text: str) -> None:
        assert self._model is not None, "process() is only called on a trained or loaded component"  # noqa: S101
        topics = self._model.topics
        reading = Reading(self._model.spaced(text), self._model.probabilities, read_in(text))
        shares = reading.topics
        ranking = [Guess(topics[index], float(shares[index])) for index in (-shares).argsort()]
        message.set(INTENT, _as_intent(ranking[0]), add_to_output=True)
        shown = ranking[: self._config["ranking_length"]]
        message.set(INTENT_RANKING_KEY, [_as_intent(guess) for guess in shown], add_to_output=True)
        answered = [number for number, topic in enumerate(topics) if topic not in {*TIERS, *CONVERSATION_TOPICS}]
        outside = topics.index(OUT_OF_SCOPE) if OUT_OF_SCOPE in topics else None
        found = reading.questions(answered, Limits(**self._config["limits"]), outside) if answered else []
        questions = [topics[number] for number in found[: self._config["max_questions"]]]
        message.set(QUESTIONS, questions, add_to_output=True)
        message.set(TIER_SCORES, _tier_scores(reading, topics), add_to_output=True)


def _lines_of(file: Optional[str]) -> List[str]:
    """Return the texts from elsewhere, a line each; none if there is no file of them."""
    if not file:
        return []
    try:
        return (ROOT / file).read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise ModelError(
            f"The texts from elsewhere, {file}, cannot be read: {type(error).__name__}.",
            "Put a UTF-8 text file there, or take `elsewhere` out of config.yml.",
        ) from error


def _tier_scores(reading: Reading, topics: List[str]) -> Dict[str, List[Dict[str, float]]]:
    """Return the probability of each tier by where it was found, as `Reading.danger` says."""
    known = [tier for tier in TIERS if tier in topics]
    if not known:
        return {}
    return {
        where: [{tier: round(float(share), 4) for tier, share in zip(known, row, strict=True)} for row in rows]
        for where, rows in reading.danger([topics.index(tier) for tier in known]).items()
    }


def _as_intent(guess: Guess) -> Dict[str, Any]:
    return {"name": guess.topic, "confidence": round(guess.confidence, 4)}
