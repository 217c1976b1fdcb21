"""Private TensorFlow modules that Rasa names."""
