"""Who is in front of the screen, what they may do, and what the database lets them see."""
