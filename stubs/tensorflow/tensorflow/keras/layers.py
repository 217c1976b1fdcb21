"""Layer classes subclassed by Rasa's own layers."""

from tensorflow import _Placeholder


class Layer(_Placeholder):
    """Stands for the class of the same name."""


class Dense(Layer):
    """Stands for the class of the same name."""


class Dropout(Layer):
    """Stands for the class of the same name."""


class AbstractRNNCell(Layer):
    """Stands for the class of the same name."""
