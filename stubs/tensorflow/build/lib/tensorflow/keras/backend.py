"""Empty: Rasa imports the module and uses it only inside TensorFlow components."""

from tensorflow import TensorFlowMissingError


def __getattr__(name: str) -> object:
    if name.startswith("__"):
        raise AttributeError(name)
    raise TensorFlowMissingError(f"tensorflow.keras.backend.{name}")
