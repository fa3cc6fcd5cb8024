"""Web pages, and the archives they are kept in."""
