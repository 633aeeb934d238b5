"""How a database is reached: one door to write, one to read, one to glance, for SQLite and for PostgreSQL."""
