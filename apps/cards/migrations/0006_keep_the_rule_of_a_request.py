import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Q, Subquery


def give_each_submitted_request_its_rule(apps, schema_editor):
    """Until now a city had one set of fees and days: the first version."""
    CardRequest = apps.get_model("cards", "CardRequest")
    CityRule = apps.get_model("regions", "CityRule")
    rules = CityRule.objects.filter(city=OuterRef("city")).order_by("valid_from")
    CardRequest.objects.exclude(status="DRAFT").update(rule=Subquery(rules.values("pk")[:1]))


class Migration(migrations.Migration):
    dependencies = [
        ("cards", "0005_keep_what_an_amendment_changed"),
        ("regions", "0002_date_the_rules"),
    ]

    operations = [
        migrations.AddField(
            model_name="cardrequest",
            name="rule",
            field=models.ForeignKey(
                blank=True,
                help_text="提交时生效的版本，以后的变更不影响",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="requests",
                to="regions.cityrule",
                verbose_name="适用的资费与时限",
            ),
        ),
        migrations.RunPython(give_each_submitted_request_its_rule, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="cardrequest",
            constraint=models.CheckConstraint(
                condition=Q(rule__isnull=True, status="DRAFT")
                | (~Q(status="DRAFT") & Q(rule__isnull=False)),
                name="submitted_request_keeps_its_rule",
                violation_error_message="提交了的申请必须有适用的资费与时限，草稿不能有。",
            ),
        ),
    ]
