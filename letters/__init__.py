"""Letters as accessible PDF, made of values alone."""
