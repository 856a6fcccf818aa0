"""What is kept of the archives of pictures that HR uploads."""

from apps.common.kept_data import Category, DataSource, LegalGround, PersonalData, Term

KEPT = (
    PersonalData(
        category=Category.WORK,
        model="photo_import.PhotoArchive",
        fields=("file",),
        purpose="把单位拍的照片存到各人名下",
        source=DataSource.ROSTER,
        ground=LegalGround.EMPLOYMENT,
        term=Term("上传", "PHOTO_ARCHIVE_RETENTION", "删除；看完照片即删除"),
        not_shown="整个文件加密保存，看完照片就删除，分不出谁的",
        stays="到期自动删除",
    ),
    PersonalData(
        category=Category.WORK,
        model="photo_import.ArchivedPicture",
        fields=("file", "finding", "reason", "picture", "outcome", "done_at"),
        purpose="人事处核对照片对上了谁，再存到各人名下",
        source=DataSource.ROSTER,
        ground=LegalGround.EMPLOYMENT,
        term=Term("上传", "PHOTO_ARCHIVE_RETENTION", "删除；存入以后照片即删除"),
        of="holder",
        stays="到期自动删除",
    ),
)

WITHOUT = {
    "photo_import.PhotoArchive": (
        "status_since",
        "reference",
        "by",
        "at",
        "purpose",
        "status",
        "refusal",
        "counts",
        "leased_until",
    ),
    "photo_import.ArchivedPicture": ("archive", "place", "holder", "tries"),
}
