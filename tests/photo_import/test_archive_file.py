"""Archives as people send them: names written in odd ways, and what is no archive of pictures."""

import io
import stat
import struct
import zipfile

import pytest

from apps.photo_import import archive_file
from apps.photo_import.refusals import UnreadableArchive
from tests.photo_import.archives import encrypted, with_raw_names, zipped


def _words(value):
    """A name of a case that does not depend on when its archive was made."""
    return value if isinstance(value, str) else "archive"


def entries(content):
    with archive_file.opened(io.BytesIO(content)) as archive:
        return archive_file.entries(archive)


def test_folders_and_what_systems_add_are_passed_over_and_suffixes_are_written_in_any_way():
    found = entries(
        zipped(
            {
                "2026级/A 组/": b"",
                "2026级/A 组/D 1001 .JPG": b"1",
                "2026级/Thumbs.db": b"1",
                "__MACOSX/2026级/._D1001.JPG": b"1",
                ".DS_Store": b"1",
                "../../etc/D1002.Jpeg": b"1",
                "照片\\D1003.png": b"1",
                "D1004.heic": b"1",
            }
        )
    )
    assert [(entry.stem, entry.suffix) for entry in found if not entry.problem] == [
        ("D 1001 ", ".JPG"),
        ("D1002", ".Jpeg"),
        ("D1003", ".png"),
        ("D1004", ".heic"),
    ]


@pytest.mark.parametrize("code", ["utf-8", "gbk"])
def test_a_chinese_name_is_read_whether_or_not_the_archive_says_its_code(code):
    raw = "刘备拍的/张超.jpg".encode(code)
    plain = "x" * len(raw)
    [entry] = entries(with_raw_names(zipped({plain: b"1", "0.jpg": b"1"}), {plain: raw}))[:1]
    assert entry.stem == "张超"


def _with_a_long_list(size):
    """The end of an archive that says that the list of its entries has so many bytes."""
    return bytes(size) + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 9, 9, size, 0, 0)


def _linked():
    link = zipfile.ZipInfo("D1.jpg")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    return zipped([(link, b"/etc/passwd"), ("D2.jpg", b"1")])


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (_linked(), "快捷方式"),
        (zipped({"D1.zip": zipped({"D3.jpg": b"1"}), "D2.jpg": b"1"}), "压缩包里的压缩包不会打开"),
        (zipped({"D1.bmp": b"BM", "D2.jpg": b"1"}), "不是照片"),
        (zipped({"D1.jpg": b"", "D2.jpg": b"1"}), "空的（0 字节）"),
        (zipped({"D1.jpg": b"1", "D2.jpg": b"1"}, compression=zipfile.ZIP_LZMA), "压缩方式"),
    ],
    ids=_words,
)
def test_what_is_no_picture_is_said_and_not_opened(content, says):
    assert says in entries(content)[0].problem


def test_a_picture_that_says_to_be_too_large_is_not_unpacked(settings):
    settings.PICTURE_MAX_BYTES = 1000
    bomb = zipped({"D1.jpg": bytes(100_000)}, compression=zipfile.ZIP_DEFLATED)
    assert "请缩小以后" in entries(bomb)[0].problem
    lying = bomb.replace((100_000).to_bytes(4, "little"), (900).to_bytes(4, "little"))
    with archive_file.opened(io.BytesIO(lying)) as archive:
        assert not archive_file.entries(archive)[0].problem
        with pytest.raises(archive_file.UnreadablePicture):
            archive_file.content(archive, 0)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "空的"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(600), "7z 压缩包，不是 zip"),
        (b"Rar!\x1a\x07\x01\x00" + bytes(600), "RAR 压缩包，不是 zip"),
        (bytes(257) + b"ustar" + bytes(250), "tar 包"),
        (b"\xff\xd8\xff\xe0" + bytes(600), "这是一张照片"),
        (b"PK\x07\x08PK\x03\x04" + bytes(600), "分卷"),
        (zipped({"D1.jpg": b"1"})[:-30], "没有复制完"),
        (zipped({"D1.jpg": b"1"}).replace(b"PK\x01\x02", b"PK\x09\x09"), "没有复制完"),
        (zipped({"a.txt": b"1"}), "没有照片"),
        (zipped({"all.zip": zipped({"D1.jpg": b"1"})}), "里面还是压缩包"),
        (encrypted(zipped({"D1.jpg": b"1", "D2.jpg": b"1"})), "加了密码"),
        (_with_a_long_list(3 * 1024 * 1024), "几千 个文件，一次最多 500 个"),
    ],
    ids=_words,
)
def test_what_is_no_archive_of_pictures_is_said_in_words(content, says):
    with pytest.raises(UnreadableArchive) as refusal:
        entries(content)
    assert says in refusal.value.message


def test_more_files_than_fit_are_said(settings):
    settings.PHOTO_ARCHIVE_MAX_PICTURES = 2
    with pytest.raises(UnreadableArchive) as refusal:
        entries(zipped({f"D{n}.jpg": b"1" for n in range(3)}))
    assert "有 3 个文件，一次最多 2 个" in refusal.value.message
