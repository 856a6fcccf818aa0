"""The photos of people that HR has on file: read, taken from an archive, and replaced."""
