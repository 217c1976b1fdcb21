"""Callback, subclassed by Rasa's training callbacks."""

from tensorflow import _Placeholder


class Callback(_Placeholder):
    """Stands for the class of the same name."""
