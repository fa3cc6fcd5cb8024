"""Read, segment and analyse annual reports on government information disclosure in China."""
