"""What ``detente watch`` is made of: what it asks of the authority, what it tells it, and shows."""
