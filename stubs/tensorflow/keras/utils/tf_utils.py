"""Empty: Rasa imports the module and uses it only inside TensorFlow components."""
