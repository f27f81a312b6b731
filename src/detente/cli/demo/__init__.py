"""``detente demo``: a scenario goes through an authority, and what stands at its end."""
