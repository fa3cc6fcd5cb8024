"""Published files -> figures and chapters."""
