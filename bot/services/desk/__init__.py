"""The staff: who belongs to it, what it is told in figures, and what it is about to say."""
