"""Sentences that reviewers write again and again."""

from django.db import models

from apps.common.references import new_reference
from apps.requests import registry

REJECTION = "rejection"
GUARDIANSHIP = "guardianship"
FORMAL_LOSS = "formal_loss"


def topics():
    """The topics of phrases: each field that an applicant can be asked to change, then refusals."""
    return {
        **{name: declared.label for name, declared in registry.amendable().items()},
        REJECTION: "审核不通过",
        GUARDIANSHIP: "不确认监护关系",
        FORMAL_LOSS: "不确认正式挂失",
    }


class PhraseQuerySet(models.QuerySet):
    def offered(self):
        """The phrases that reviewers may pick, in the order of each topic."""
        return self.filter(is_active=True).order_by("position", "pk")


class Phrase(models.Model):
    """One reason that reviewers can put into a decision, and change before they send it.

    It is copied into the decision: changing or retiring a phrase changes nothing that was sent.
    """

    reference = models.CharField("编号", max_length=16, unique=True, default=new_reference)
    topic = models.CharField("用于", max_length=20, choices=topics)
    text = models.CharField("内容", max_length=200)
    position = models.PositiveIntegerField("次序")
    is_active = models.BooleanField("启用", default=True)

    objects = PhraseQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "常用语"
        constraints = [
            models.UniqueConstraint(
                fields=["topic", "text"],
                name="phrase_stands_once_in_its_topic",
                violation_error_message="这里已经有同样的一句（可能已停用）。",
            ),
        ]

    def __str__(self):
        return f"常用语 #{self.pk}"
