from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.regions import loading

FOLDER = settings.BASE_DIR / "fixtures" / "regions"


class Command(BaseCommand):
    help = (
        "Loads provinces, cities, counties, banks and what is open where. May run any time again."
    )

    def handle(self, *args, **options):
        try:
            loaded = loading.load(folder=FOLDER)
        except (OSError, ValueError, KeyError) as error:
            raise CommandError(f"{FOLDER} could not be loaded: {error!r}") from error
        self.stdout.write(
            f"{loaded.provinces} provinces, {loaded.cities} cities, {loaded.counties} counties, "
            f"{loaded.banks} banks; new: {loaded.openings} openings, {loaded.city_banks} city banks"
        )
