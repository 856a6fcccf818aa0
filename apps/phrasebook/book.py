"""What the decision forms offer."""

from apps.phrasebook.models import Phrase


def by_topic(topics):
    """Topic → the texts that are offered for it, in order; one query."""
    found: dict[str, list[str]] = {topic: [] for topic in topics}
    for topic, text in (
        Phrase.objects.offered().filter(topic__in=found).values_list("topic", "text")
    ):
        found[topic].append(text)
    return found


def texts(topic):
    """The texts that are offered for `topic`, in order."""
    return by_topic([topic])[topic]
