"""Phrases are about no person."""

WITHOUT = {"phrasebook.Phrase": ("reference", "topic", "text", "position", "is_active")}
