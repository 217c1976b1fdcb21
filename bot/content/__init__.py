"""Reading and checking the files below `content/`."""
