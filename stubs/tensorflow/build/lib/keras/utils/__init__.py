"""Keras utilities that Rasa names."""

from keras.utils import control_flow_util, tf_utils

__all__ = ["control_flow_util", "tf_utils"]
