"""Documents that people hand in: taken in while they arrive, checked by what they are, kept outside the database."""
