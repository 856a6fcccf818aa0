import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('handout', '0003_name_who_signed_on_paper'),
    ]

    operations = [
        migrations.AlterField(
            model_name='boxcard',
            name='department',
            field=models.ForeignKey(blank=True, help_text='领走以前随名册；儿童是经办人的', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cards', to='handout.department', verbose_name='部门'),
        ),
    ]
