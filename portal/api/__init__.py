"""The JSON interface for other systems: what the pages show and do, under names that stay."""
