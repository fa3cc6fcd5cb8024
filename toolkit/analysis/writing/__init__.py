"""Tables for papers, sentences with their number, Stata files."""
