"""Judgement about figures: how they are computed, and whether they changed."""
