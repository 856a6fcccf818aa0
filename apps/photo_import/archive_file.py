"""Reads an archive of pictures (zip) as people send them: what is in it, and what is wrong with it.

An archive is hostile until proven otherwise. Nothing is unpacked to a disk, so names lead nowhere;
the list of entries is read up to a length; a picture is read up to the size of a picture, and only
where it is packed in a way of which the length can be limited.
"""

import stat
import struct
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.conf import settings

from apps.common.rules import rule_text
from apps.photo_import.refusals import UnreadableArchive
from apps.typed_text.plain_text import visible

MOST_DIRECTORY_BYTES = 2 * 1024 * 1024  # of the list of entries: 500 of them take 50 KB
_PICTURES = {".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".heic", ".heif"}
_ARCHIVES = {".zip", ".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz"}
_OF_SYSTEMS = {"thumbs.db", "desktop.ini", "ehthumbs.db"}
_UTF8 = 0x800  # the flag of an entry whose name is UTF-8
_ENCRYPTED = 0x1
# The only two of which no more is unpacked than is asked for.
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# What zipfile raises on hostile input, besides its own BadZipFile.
_BROKEN = (
    zipfile.BadZipFile,
    NotImplementedError,
    RuntimeError,
    ValueError,
    EOFError,
    OverflowError,
    struct.error,
)
_PART = "这是分卷压缩包里的一个，单独打不开。请不分卷，重新打包成一个 zip。"
_OTHERS = (
    (0, b"7z\xbc\xaf\x27\x1c", "7z 压缩包"),
    (0, b"Rar!\x1a\x07", "RAR 压缩包"),
    (0, b"\x1f\x8b", "gz 压缩包"),
    (0, b"BZh", "bz2 压缩包"),
    (0, b"\xfd7zXZ", "xz 压缩包"),
    (257, b"ustar", "tar 包"),
    (0, b"\xff\xd8\xff", "一张照片"),
    (0, b"\x89PNG", "一张照片"),
    (4, b"ftyp", "一张照片或一段视频"),
    (0, b"%PDF", "PDF 文件"),
    (0, b"\xd0\xcf\x11\xe0", "旧版 Office 文件"),
)


class UnreadablePicture(Exception):
    """The entry cannot be unpacked; the message says why, for people."""


@dataclass(frozen=True)
class ArchiveEntry:
    """A file of the archive: its place among all entries, its name without folders, its suffix.

    `problem` says for people why it is not even opened, or is empty.
    """

    place: int
    stem: str
    suffix: str
    problem: str = ""


class _Limited:
    """The binary file of an archive, of which nobody reads more than a piece at a time."""

    def __init__(self, file):
        self._file = file
        self.seek, self.tell = file.seek, file.tell

    def seekable(self):
        return True

    def read(self, size=-1):
        if size > MOST_DIRECTORY_BYTES:
            raise _too_many(" 几千 ")
        return self._file.read(size)


@contextmanager
def opened(file):
    """The `ZipFile` in the binary `file`. Raises `UnreadableArchive`; OSError from the disk."""
    file.seek(0)
    _check_kind(file.read(512))
    try:
        archive = zipfile.ZipFile(_Limited(file))
    except _BROKEN:
        raise UnreadableArchive(
            "这个文件不是完好的 zip 压缩包：可能没有复制完，或者已经损坏。请重新打包再传。",
            code="no_archive",
        ) from None
    with archive:
        yield archive


def _check_kind(head):
    if not head:
        raise UnreadableArchive("这个文件是空的（0 字节），请重新打包再传。", code="empty_file")
    if head.startswith(b"PK\x07\x08"):
        raise UnreadableArchive(_PART, code="part")
    for start, magic, name in _OTHERS:
        if head.startswith(magic, start):
            raise UnreadableArchive(
                f"这是{name}，不是 zip 压缩包，改文件名没有用。"
                "请把照片选中，用电脑自带的「压缩」功能打包成 zip。",
                code="other_kind",
            )


def entries(archive):
    """The `ArchiveEntry`s of the `ZipFile` `archive` that people meant to send.

    Raises `UnreadableArchive` when none of them is a picture, or there are too many.
    """
    found = [
        _entry(place, info, path)
        for place, info in enumerate(archive.infolist())
        if _is_meant(info, path := PurePosixPath(name_of(info)))
    ]
    pictures = [entry for entry in found if entry.suffix.lower() in _PICTURES]
    if not pictures:
        raise UnreadableArchive(_no_pictures(found), code="empty")
    if len(found) > settings.PHOTO_ARCHIVE_MAX_PICTURES:
        raise _too_many(f" {len(found)} ")
    if all(archive.infolist()[entry.place].flag_bits & _ENCRYPTED for entry in pictures):
        raise UnreadableArchive(
            "压缩包加了密码，这里打不开。请不设密码，重新打包再传。", code="encrypted"
        )
    return found


def _too_many(number):
    """The refusal of an archive with so many files, a number in words."""
    return UnreadableArchive(
        f"压缩包里有{number}个文件，一次最多 {settings.PHOTO_ARCHIVE_MAX_PICTURES} 个，"
        "请分成几个压缩包。",
        code="too_many",
    )


def _no_pictures(found):
    if any(entry.suffix.lower() in _ARCHIVES for entry in found):
        return "压缩包里面还是压缩包，没有直接放照片。请把照片解压出来，放进一个 zip 再传。"
    return "压缩包里没有照片（.jpg、.jpeg、.png、.heic）。"


def _is_meant(info, path):
    """Not a folder, nor what macOS and Windows add to an archive."""
    folders = (part for part in path.parts if part != "..")
    is_hidden = any(part == "__MACOSX" or part.startswith(".") for part in folders)
    return not info.is_dir() and not is_hidden and path.name.lower() not in _OF_SYSTEMS


def name_of(info):
    """The name of the entry `info`, with / between folders.

    macOS writes UTF-8 and does not say so; a Chinese Windows writes GBK.
    """
    name = info.filename
    if not info.flag_bits & _UTF8:
        for encoding in ("utf-8", "gb18030"):
            try:
                name = info.filename.encode("cp437").decode(encoding)
                break
            except UnicodeError:
                continue
    return visible(name).replace("\\", "/")


def _entry(place, info, path):
    return ArchiveEntry(place, path.stem, path.suffix[:8], _problem(info, path.suffix.lower()))


def _problem(info, suffix):
    if stat.S_ISLNK(info.external_attr >> 16):
        return "这是一个快捷方式（链接），里面没有照片。请放照片本身。"
    if suffix in _ARCHIVES:
        return "压缩包里的压缩包不会打开，请把里面的照片直接放进来。"
    if suffix not in _PICTURES:
        return "不是照片。只收 JPG、PNG（和 HEIC）的照片。"
    if info.flag_bits & _ENCRYPTED:
        return "这一张加了密码，打不开。请不设密码重新打包。"
    if info.compress_type not in _PACKED:
        return "这一张的压缩方式这里打不开。请用电脑自带的「压缩」功能重新打包。"
    if not info.file_size:
        return "这个文件是空的（0 字节），可能没有保存好。"
    if info.file_size > settings.PICTURE_MAX_BYTES:
        return f"照片文件超过 {rule_text('PICTURE_MAX_BYTES')}，请缩小以后再放进来。"
    return ""


def content(archive, place):
    """The bytes of the picture at `place`, up to the size of a picture and one more.

    Raises `UnreadablePicture`; OSError from the disk.
    """
    try:
        with archive.open(archive.infolist()[place]) as file:
            return file.read(settings.PICTURE_MAX_BYTES + 1)
    except (*_BROKEN, IndexError, zlib.error) as error:
        raise UnreadablePicture("压缩包里的这一张打不开，可能损坏了。请重新打包。") from error
