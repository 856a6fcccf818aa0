"""Who uploaded how much is kept for a day, to limit it."""

from apps.common.kept_data import Category, DataSource, LegalGround, PersonalData, Term

KEPT = (
    PersonalData(
        category=Category.ACCOUNT,
        model="limits.CountedUpload",
        fields=("kind", "at"),
        purpose="限制一小时内上传的数量",
        source=DataSource.PORTAL,
        ground=LegalGround.DUTY,
        term=Term("上传", "UPLOAD_COUNT_RETENTION"),
        of="by__holder",
        stays="限制一小时内上传的数量，到期删除",
    ),
)

WITHOUT = {"limits.CountedUpload": ("by",)}
