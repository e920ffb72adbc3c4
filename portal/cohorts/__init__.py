"""A closure as one thing: the file that brings it, the page that follows it, and what happens to it as a whole."""
