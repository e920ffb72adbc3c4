"""What parties outside see of their dossiers, and everything they may answer, tell and write."""
