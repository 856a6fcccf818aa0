"""The texts that people agree to, and the version of each that is shown now."""

from apps.people.enums import ConsentKind

VERSIONS = dict.fromkeys(ConsentKind, "2026-11-23")
