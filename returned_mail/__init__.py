"""What comes back of messages that left: which address does not work any more, and what reached a telephone."""
