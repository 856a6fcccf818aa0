from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.regions import loading

FOLDER = settings.BASE_DIR / "fixtures" / "regions"


class Command(BaseCommand):
    help = "载入省、市、区县、银行和各地开通情况；可以随时再次运行，后台改过的规则不受影响"

    def handle(self, *args, **options):
        try:
            loaded = loading.load(folder=FOLDER)
        except (OSError, ValueError, KeyError) as error:
            raise CommandError(f"{FOLDER} 载入失败：{error!r}") from error
        self.stdout.write(
            f"{loaded.provinces} 省 {loaded.cities} 市 {loaded.counties} 区县，"
            f"{loaded.banks} 家银行；新增资费与时限 {loaded.rules} 份、"
            f"开通服务 {loaded.openings} 项、城市开通银行 {loaded.city_banks} 家"
        )
