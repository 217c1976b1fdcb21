"""WrappedFunction, for an annotation in Rasa's ConveRTFeaturizer."""

from tensorflow import _Placeholder


class WrappedFunction(_Placeholder):
    """Stands for the class of the same name."""
