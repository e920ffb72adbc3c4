"""The JSON interface for other systems: the same commands and readings as the pages."""
