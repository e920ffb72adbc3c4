"""The messages of a bank: orders out, statements and status in; pure, no database."""
