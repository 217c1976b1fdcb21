"""TensorLike, for annotations in Rasa's layers and metrics."""

from tensorflow import _Placeholder


class TensorLike(_Placeholder):
    """Stands for the class of the same name."""
