"""Pages of the people who work at a fund."""
