"""Pages of the auditor: everything is read, nothing is changed."""
