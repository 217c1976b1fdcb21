"""Metric, subclassed by Rasa's CRF metric."""

from tensorflow import _Placeholder


class Metric(_Placeholder):
    """Stands for the class of the same name."""
