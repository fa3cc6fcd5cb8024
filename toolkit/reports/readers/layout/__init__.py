"""From the characters and rulings of pages, printed or recognised, to paragraphs and tables."""
