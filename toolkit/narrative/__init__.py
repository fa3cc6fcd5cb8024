"""Chapter five -> statements, words, codes."""
