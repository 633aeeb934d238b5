"""What people may ask of us about their data, and what the law asks of us without being asked."""
