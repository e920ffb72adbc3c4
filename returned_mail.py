"""What mail servers send back: which address does not work any more."""
