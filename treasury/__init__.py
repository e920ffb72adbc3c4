"""Payment runs from what is due to a file that two people signed, and the bank's word read back, line by line."""
