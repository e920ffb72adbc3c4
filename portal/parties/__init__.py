"""Pages of employers, experts, agencies and participants."""
