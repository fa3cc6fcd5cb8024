"""From cells in reading order to rows with labels and columns."""
