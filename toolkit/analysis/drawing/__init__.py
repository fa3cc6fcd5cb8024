"""Pictures, their style and the Chinese font."""
