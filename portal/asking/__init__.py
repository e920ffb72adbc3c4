"""The pages on which a person answers, from a link in a message."""
