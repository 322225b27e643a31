"""Frameworks as they are read, and what follows from their shape."""
