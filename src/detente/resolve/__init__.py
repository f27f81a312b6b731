"""Changes that remove conflicts: at the least cost, fairly shared."""
