import datetime

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Before the portal: what a city said until now has always held.
ALWAYS = datetime.date(2020, 1, 1)
TERMS = (
    "postage_same_city_fen",
    "postage_same_province_fen",
    "postage_elsewhere_fen",
    "card_fee_fen",
    "produce_days",
    "dispatch_days",
    "collect_days",
    "loss_report_days",
)


def begin_a_version_per_city(apps, schema_editor):
    City = apps.get_model("regions", "City")
    CityRule = apps.get_model("regions", "CityRule")
    CityRule.objects.bulk_create(
        CityRule(city_id=city.pop("code"), valid_from=ALWAYS, **city)
        for city in City.objects.values("code", *TERMS)
    )


def write_the_latest_version_back(apps, schema_editor):
    City = apps.get_model("regions", "City")
    CityRule = apps.get_model("regions", "CityRule")
    for rule in CityRule.objects.order_by("city", "valid_from").values("city", *TERMS):
        City.objects.filter(code=rule.pop("city")).update(**rule)


def fees_and_days(model):
    """The columns that move, as operations that take them from `model`."""
    return [migrations.RemoveField(model_name=model, name=name) for name in TERMS]


class Migration(migrations.Migration):
    dependencies = [
        ("regions", "0001_create_regions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CityRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "valid_from",
                    models.DateField(help_text="从这一天 0:00 起", verbose_name="生效日期"),
                ),
                (
                    "postage_same_city_fen",
                    models.PositiveIntegerField(default=1000, verbose_name="同城邮寄费（分）"),
                ),
                (
                    "postage_same_province_fen",
                    models.PositiveIntegerField(default=1200, verbose_name="省内邮寄费（分）"),
                ),
                (
                    "postage_elsewhere_fen",
                    models.PositiveIntegerField(default=1600, verbose_name="省外邮寄费（分）"),
                ),
                (
                    "card_fee_fen",
                    models.PositiveIntegerField(default=0, verbose_name="补换工本费（分）"),
                ),
                (
                    "produce_days",
                    models.PositiveSmallIntegerField(
                        default=10,
                        help_text="工作日，从受理到制卡成功",
                        verbose_name="承诺制卡时限",
                    ),
                ),
                (
                    "dispatch_days",
                    models.PositiveSmallIntegerField(
                        default=5, help_text="工作日，从制卡成功到发出", verbose_name="承诺发出时限"
                    ),
                ),
                (
                    "collect_days",
                    models.PositiveSmallIntegerField(
                        default=5, help_text="工作日，从发出到领取", verbose_name="预计送达时限"
                    ),
                ),
                (
                    "loss_report_days",
                    models.PositiveSmallIntegerField(
                        default=7, help_text="自然日，挂失当天不计", verbose_name="临时挂失天数"
                    ),
                ),
                (
                    "note",
                    models.CharField(blank=True, max_length=300, verbose_name="变更原因"),
                ),
                (
                    "created_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="录入时间"),
                ),
                (
                    "city",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rules",
                        to="regions.city",
                        verbose_name="城市",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="录入人",
                    ),
                ),
            ],
            options={
                "verbose_name": "资费与时限",
                "verbose_name_plural": "资费与时限",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("city", "valid_from"),
                        name="one_rule_begins_a_day_per_city",
                        violation_error_message="这个城市这一天已经有一个版本。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("created_at__isnull", True), ("created_by__isnull", True)),
                            models.Q(("created_at__isnull", False), ("created_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="rule_is_loaded_or_has_its_author",
                    ),
                ],
            },
        ),
        # The name of this constraint goes over with its column.
        migrations.RemoveConstraint(model_name="city", name="loss_report_lasts_a_day_or_more"),
        migrations.AddConstraint(
            model_name="cityrule",
            constraint=models.CheckConstraint(
                condition=models.Q(("loss_report_days__gte", 1)),
                name="loss_report_lasts_a_day_or_more",
                violation_error_message="临时挂失天数至少为 1 天。",
            ),
        ),
        migrations.RunPython(begin_a_version_per_city, write_the_latest_version_back),
        *fees_and_days("city"),
        migrations.RemoveField(model_name="city", name="banks"),
        migrations.RemoveConstraint(model_name="citybank", name="bank_once_per_city"),
        migrations.AddField(
            model_name="citybank",
            name="open_from",
            field=models.DateField(default=ALWAYS, verbose_name="开通日期"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="citybank",
            name="open_until",
            field=models.DateField(
                blank=True, help_text="这一天仍可办理", null=True, verbose_name="停办日期"
            ),
        ),
        migrations.AddConstraint(
            model_name="citybank",
            constraint=models.UniqueConstraint(
                condition=models.Q(("open_until", None)),
                fields=("city", "bank"),
                name="bank_open_once_per_city",
                violation_error_message="这家银行在这个城市已经开通。",
            ),
        ),
        migrations.AddConstraint(
            model_name="citybank",
            constraint=models.UniqueConstraint(
                fields=("city", "bank", "open_from"),
                name="bank_opens_once_a_day_per_city",
                violation_error_message="这家银行这一天已经在这个城市开通。",
            ),
        ),
        migrations.AddConstraint(
            model_name="citybank",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("open_until", None),
                    ("open_until__gte", models.F("open_from")),
                    _connector="OR",
                ),
                name="bank_ends_after_it_opens",
                violation_error_message="停办日期不能早于开通日期。",
            ),
        ),
        migrations.RemoveConstraint(model_name="serviceopening", name="service_once_per_city"),
        migrations.AddConstraint(
            model_name="serviceopening",
            constraint=models.UniqueConstraint(
                condition=models.Q(("open_until", None)),
                fields=("city", "service"),
                name="service_open_once_per_city",
                violation_error_message="这个城市的这项服务已经开通。",
            ),
        ),
        migrations.AddConstraint(
            model_name="serviceopening",
            constraint=models.UniqueConstraint(
                fields=("city", "service", "open_from"),
                name="service_opens_once_a_day_per_city",
                violation_error_message="这个城市的这项服务这一天已经开通。",
            ),
        ),
    ]
