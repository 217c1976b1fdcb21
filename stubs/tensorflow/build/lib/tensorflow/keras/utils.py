"""Sequence, subclassed by Rasa's batch generators."""

from tensorflow import _Placeholder


class Sequence(_Placeholder):
    """Stands for the class of the same name."""
