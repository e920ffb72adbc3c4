"""Envelopes of money: opened, raised, shifted and closed by two people; what is left is kept by the database."""
