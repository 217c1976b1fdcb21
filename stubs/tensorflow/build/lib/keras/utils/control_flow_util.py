"""smart_cond, imported by name in Rasa's layers."""

from tensorflow import TensorFlowMissingError


def smart_cond(*args: object, **kwargs: object) -> object:
    """Always raises TensorFlowMissingError."""
    raise TensorFlowMissingError("keras.utils.control_flow_util.smart_cond")
