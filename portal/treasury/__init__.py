"""Pages of budgets, payment runs, the bank's word and what is claimed back."""
