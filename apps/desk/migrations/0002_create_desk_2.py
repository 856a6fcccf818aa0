import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('cards', '0002_create_cards_2'),
        ('desk', '0001_create_desk'),
        ('people', '0001_create_people'),
        ('replacement', '0001_create_replacement'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='assignment',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to=settings.AUTH_USER_MODEL, verbose_name='领办人'),
        ),
        migrations.AddField(
            model_name='assignment',
            name='formal_loss',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='assignment', to='replacement.formalloss', verbose_name='正式挂失'),
        ),
        migrations.AddField(
            model_name='assignment',
            name='guardianship',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='assignment', to='people.guardianship', verbose_name='监护关系'),
        ),
        migrations.AddField(
            model_name='assignment',
            name='request',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='assignment', to='cards.cardrequest', verbose_name='申请'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('formal_loss', None), ('guardianship', None), ('request__isnull', False)), models.Q(('formal_loss__isnull', False), ('guardianship', None), ('request', None)), models.Q(('formal_loss', None), ('guardianship__isnull', False), ('request', None)), _connector='OR'), name='assignment_names_one_case'),
        ),
    ]
