"""The photos of people that HR has on file: read, and taken from an archive. No models."""
