"""Pages that are pictures: their rulings and recognised words."""
