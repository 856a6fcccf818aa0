"""Everything that is kept about somebody, for a file that machines can read."""

from apps.common.templatetags.formats import iso
from apps.my_data import kept, looks


def whole(persons, *, reader, at):
    """The copy as a dictionary for JSON: of each of `persons` what `reader` may read, in full."""
    return {
        "说明": "您和您子女在社保卡自助办理门户里的个人信息。照片是 Base64 编码的 JPEG。",
        "生成时间": iso(at),
        "人员": [_person(person, reader) for person in persons],
    }


def _person(person, reader):
    found = kept.of(person, reader=reader, is_full=True)
    return {
        "谁的": "本人" if person.user_id == reader.pk else "子女",
        "姓名": person.name,
        "信息": [
            _entry(category, each)
            for category, entries in found.items()
            for each in entries
            if each.rows
        ],
        "谁看过完整信息": [
            {"时间": iso(look.at), "谁": look.who, "看了什么": look.what, "原因": look.reason}
            for look in looks.looks_at(person)
        ],
    }


def _entry(category, found):
    entry = found.entry
    return {
        "类别": category.value,
        "内容": found.title,
        "用途": entry.purpose,
        "来源": entry.source.value,
        "依据": entry.ground.value,
        "期限": str(entry.term),
        "提供给": [receiver.value for receiver in entry.receivers],
        "记录": [{value.label: value.raw for value in row} for row in found.rows],
    }
