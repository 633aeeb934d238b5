"""Trying a dialog out: whole conversations written down, played through the engine, and measured."""
