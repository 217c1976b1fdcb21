"""The parts of Rasa's engine that are replaced: conversation store, response generator, actions in the same process."""
