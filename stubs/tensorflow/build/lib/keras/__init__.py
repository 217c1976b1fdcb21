"""Stand-in for Keras: see the tensorflow package beside it."""

from tensorflow import _Placeholder


class Model(_Placeholder):
    """Stands for keras.Model, subclassed by Rasa's models."""
