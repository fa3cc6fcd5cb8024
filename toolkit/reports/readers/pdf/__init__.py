"""PDF files: what the engine tells of their pages, and the documents made of it."""
