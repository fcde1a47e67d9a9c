"""What to decide from a position: what is likely, what is worth doing, who gets what. Pure; no number of the scheme."""
