"""Questions to the database that change nothing: what commands show, and later pages and exports."""
