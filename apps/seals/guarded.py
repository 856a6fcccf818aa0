"""The tree and its heads: rows are only ever added."""

from apps.events.guards import Guard

GUARDS = (
    Guard("seals_leaf"),
    Guard("seals_subtree"),
    Guard("seals_treehead"),
    Guard("seals_proofaddress"),
    Guard("seals_sealcheck", changeable=("computed_at",)),
)
