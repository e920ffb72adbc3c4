"""Everything that crosses Temporal: frozen pydantic, small, without personal data.

A name, address, birth date, account number or free text lives in a row that can be erased; a message carries the
number of the dossier, codes, dates and amounts.
"""
