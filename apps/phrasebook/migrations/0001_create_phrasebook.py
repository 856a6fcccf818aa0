import apps.common.references
import apps.phrasebook.models
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Phrase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(default=apps.common.references.new_reference, max_length=16, unique=True, verbose_name='编号')),
                ('topic', models.CharField(choices=apps.phrasebook.models.topics, max_length=20, verbose_name='用于')),
                ('text', models.CharField(max_length=200, verbose_name='内容')),
                ('position', models.PositiveIntegerField(verbose_name='次序')),
                ('is_active', models.BooleanField(default=True, verbose_name='启用')),
            ],
            options={
                'verbose_name': '常用语',
                'verbose_name_plural': '常用语',
                'constraints': [models.UniqueConstraint(fields=('topic', 'text'), name='phrase_stands_once_in_its_topic', violation_error_message='这里已经有同样的一句（可能已停用）。')],
            },
        ),
    ]
