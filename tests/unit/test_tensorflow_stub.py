"""The stand-in for TensorFlow: what Rasa names can be imported, and using anything says clearly what is wrong."""

from __future__ import annotations

import importlib
from collections.abc import Callable

import keras
import pytest
import tensorflow as tf
from keras.utils import control_flow_util
from tensorflow import TensorFlowMissingError

NAMES = [
    ("tensorflow", "Tensor"),
    ("tensorflow", "SparseTensor"),
    ("tensorflow", "RaggedTensor"),
    ("tensorflow", "TensorShape"),
    ("tensorflow", "TensorSpec"),
    ("tensorflow", "keras"),
    ("tensorflow.types.experimental", "TensorLike"),
    ("tensorflow.python.eager.wrap_function", "WrappedFunction"),
    ("tensorflow.keras", "backend"),
    ("tensorflow.keras.layers", "Layer"),
    ("tensorflow.keras.layers", "Dense"),
    ("tensorflow.keras.layers", "Dropout"),
    ("tensorflow.keras.layers", "AbstractRNNCell"),
    ("tensorflow.keras.metrics", "Metric"),
    ("tensorflow.keras.callbacks", "Callback"),
    ("tensorflow.keras.utils", "Sequence"),
    ("keras", "Model"),
    ("keras.utils", "tf_utils"),
    ("keras.utils.control_flow_util", "smart_cond"),
]
CLASSES = [
    tf.Tensor,
    tf.SparseTensor,
    tf.RaggedTensor,
    tf.TensorShape,
    tf.TensorSpec,
    tf.keras.layers.Layer,
    tf.keras.layers.Dense,
    tf.keras.metrics.Metric,
    tf.keras.callbacks.Callback,
    tf.keras.utils.Sequence,
    keras.Model,
]
USES: dict[str, Callable[[], object]] = {
    "tf.constant": lambda: tf.constant(1),
    "tf.function": lambda: tf.function,
    "tf.random": lambda: tf.random.set_seed(1),
    "tf.config": lambda: tf.config.list_physical_devices("GPU"),
    "backend": lambda: tf.keras.backend.clear_session(),
    "smart_cond": lambda: control_flow_util.smart_cond(1, 2, 3),
}
RASA = [
    "rasa.utils.tensorflow.models",
    "rasa.utils.tensorflow.layers",
    "rasa.nlu.classifiers.diet_classifier",
    "rasa.core.policies.ted_policy",
    "rasa.nlu.selectors.response_selector",
]


@pytest.mark.parametrize(("module", "name"), NAMES)
def test_what_rasa_names_can_be_imported(module: str, name: str) -> None:
    assert hasattr(importlib.import_module(module), name)


@pytest.mark.parametrize("module", RASA)
def test_rasas_own_modules_can_be_imported(module: str) -> None:
    importlib.import_module(module)


@pytest.mark.parametrize("use", USES.values(), ids=USES.keys())
def test_using_anything_says_what_to_do(use: Callable[[], object]) -> None:
    with pytest.raises(TensorFlowMissingError, match=r"TensorFlow is not installed: '.+' was asked for") as caught:
        use()
    for word in ("DIETClassifier", "TEDPolicy", "config.yml", "install TensorFlow 2.12"):
        assert word in str(caught.value)


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_a_class_can_be_subclassed_but_not_made(kind: type) -> None:
    below = type("Below", (kind,), {})
    for one in (kind, below):
        with pytest.raises(TensorFlowMissingError, match=one.__name__):
            one(1, name="x")


def test_the_error_names_what_was_asked_for() -> None:
    with pytest.raises(TensorFlowMissingError, match=r"'tensorflow\.matmul'"):
        tf.matmul(1, 2)


def test_python_treats_a_missing_name_as_missing() -> None:
    assert not hasattr(tf, "constant")
    assert getattr(tf, "constant", None) is None
    with pytest.raises(ImportError):
        exec("from tensorflow import constant")  # noqa: S102


def test_the_version_is_the_one_rasa_was_made_for() -> None:
    assert tf.__version__.startswith("2.12")
