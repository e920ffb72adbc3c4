"""Pages of a jointly run board: its agenda, its votes and its minutes."""
