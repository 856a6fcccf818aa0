"""What is kept of pictures that the unit had taken for the card."""

from apps.common.kept_data import Category, DataSource, LegalGround, PersonalData, Term

KEPT = (
    PersonalData(
        category=Category.APPLICATION,
        model="staff_photos.OfferedPortrait",
        fields=("picture", "offered_at"),
        title="单位给您拍的证件照",
        purpose="申请时可以直接选用，不用自己再拍；领到卡就删除",
        source=DataSource.ROSTER,
        ground=LegalGround.EMPLOYMENT,
        term=Term("存入", "OFFERED_PORTRAIT_RETENTION"),
        of="holder",
    ),
)

WITHOUT = {"staff_photos.OfferedPortrait": ("holder", "offered_by")}
