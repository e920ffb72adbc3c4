"""The page and the report of what became of people, as of any day."""
