"""The steps of a study."""
