"""Type names of TensorFlow."""
