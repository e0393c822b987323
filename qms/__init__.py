"""Hiện Hành: document control for public offices."""
