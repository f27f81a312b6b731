"""``detente rehearse``: a recorded day goes through an authority, and what each one saw of it."""
