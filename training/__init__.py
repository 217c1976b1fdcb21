"""How the sentence encoder was made, and how ways of finding the topic compare. Not needed to run the assistant."""
