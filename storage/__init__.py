"""How things are kept: tables behind stores, stores behind one database with two doors, write and read."""
