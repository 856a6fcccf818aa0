"""What the facts of a `DeskEvent` say, in words for an auditor."""

# One line for each key that a service writes; a test compares them.
LABELS = {
    "case": "事项",
    "format": "格式",
    "from": "原领办人工号",
    "is_full": "完整号码",
    "rows": "件数",
    "scope": "范围",
}
_WORDS = {
    True: "是",
    False: "否",
    None: "无",
    "formal_loss": "正式挂失",
    "guardianship": "监护关系",
    "request": "申请",
}


def in_words(facts):
    """(label, text) of each fact, in the order in which they were written down."""
    return [(LABELS.get(key, key), _text(value)) for key, value in facts.items()]


def _text(value):
    if isinstance(value, dict):
        return "，".join(f"{label} {text}" for label, text in in_words(value)) or "无"
    if isinstance(value, list):
        return "、".join(_text(item) for item in value) or "无"
    # 1 and True are one key of a dictionary, and a figure stays a figure.
    if isinstance(value, bool | str) or value is None:
        return _WORDS.get(value, str(value))
    return str(value)
