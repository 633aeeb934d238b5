"""Handing reports to other governments' systems, in their own formats."""
