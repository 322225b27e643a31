"""Judgement about figures: how they are computed, how sure they are, whether they changed, who may see which."""
