"""The part of tf.keras that Rasa names at import."""

from tensorflow.keras import backend, callbacks, layers, metrics, utils

__all__ = ["backend", "callbacks", "layers", "metrics", "utils"]
