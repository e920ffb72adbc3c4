"""What became of people after a dismissal, counted as of a day: tables, charts and sentences."""
