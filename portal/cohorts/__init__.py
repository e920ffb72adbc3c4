"""A closure as one thing: the file that brings it, and the page that follows it."""
