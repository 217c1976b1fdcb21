"""A stand-in for TensorFlow: the names Rasa 3.6 touches while it is imported, and a clear error for everything else.

Rasa imports TensorFlow in every command, even for a pipeline that has no neural network. This package lets it start
without the two gigabytes; anything that would really compute with TensorFlow fails with the message below.
"""

from __future__ import annotations

__version__ = "2.12.0"

MESSAGE = (
    "TensorFlow is not installed: '{name}' was asked for, but this project ships a stand-in for TensorFlow. "
    "Remove the component that needs it (DIETClassifier, TEDPolicy, UnexpecTEDIntentPolicy, ResponseSelector, "
    "ConveRTFeaturizer, LanguageModelFeaturizer) from config.yml, or install TensorFlow 2.12 on Python 3.10."
)


class TensorFlowMissingError(AttributeError):
    """Raised when something needs the real TensorFlow.

    An AttributeError, so that `hasattr` and `from tensorflow import name` behave as Python expects.
    """

    def __init__(self, name: str) -> None:
        super().__init__(MESSAGE.format(name=name))


class _Placeholder:
    """A class that can be named in annotations and subclassed, but not instantiated."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        raise TensorFlowMissingError(type(self).__name__)


class Tensor(_Placeholder):
    """Stands for tf.Tensor in annotations."""


class SparseTensor(_Placeholder):
    """Stands for tf.SparseTensor in annotations."""


class RaggedTensor(_Placeholder):
    """Stands for tf.RaggedTensor in annotations."""


class TensorShape(_Placeholder):
    """Stands for tf.TensorShape in annotations."""


class TensorSpec(_Placeholder):
    """Stands for tf.TensorSpec in annotations."""


def __getattr__(name: str) -> object:
    if name.startswith("__"):
        raise AttributeError(name)
    raise TensorFlowMissingError(f"tensorflow.{name}")


from tensorflow import keras  # noqa: E402  (needs the names above)
