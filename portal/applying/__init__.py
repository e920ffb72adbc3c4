"""Applying: drafts page by page, the summary, and the sending that makes one dossier."""
