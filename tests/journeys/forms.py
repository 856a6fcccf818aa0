"""What a browser would send: the controls of a page with their values, or what was typed."""

UNSENT = {"submit", "button", "image", "reset"}


def form_of(page, control):
    """The form that `control` belongs to, by its attribute or by where it stands; else None."""
    if control.get("form"):
        return page.by_id(control.get("form"))
    return control.up("form")


def controls(page, form):
    for node in page.nodes("input", "select", "textarea", "button"):
        if node.get("name") and not node.has("disabled") and form_of(page, node) is form:
            yield node


def data(page, form, typed=None):
    """Names and values of `form`: those on the page, and over them what was `typed`."""
    return sent_by(controls(page, form), typed)


def sent_by(nodes, typed=None):
    """Names and values of the controls `nodes`; of radio buttons that of the chosen one.

    What is ticked in several boxes of one name goes out as a list.
    """
    values = {}
    for node in nodes:
        name, value = node.get("name"), sent(node, typed or {})
        if value is None:
            continue
        is_further = node.get("type") == "checkbox" and name in values
        values[name] = _listed(values[name]) + [value] if is_further else value
    return values


def _listed(value):
    return value if isinstance(value, list) else [value]


def sent(node, typed):
    """The value that goes out for one control; None for none."""
    name, kind = node.get("name"), node.get("type")
    if node.name == "button" or kind in UNSENT:
        return None
    if kind == "radio":
        is_chosen = typed[name] == node.get("value") if name in typed else node.has("checked")
        return node.get("value") if is_chosen else None
    if kind == "checkbox":
        is_ticked = typed.get(name, node.has("checked"))
        if isinstance(is_ticked, list):
            is_ticked = node.get("value") in map(str, is_ticked)
        return node.get("value", "on") if is_ticked else None
    if kind == "file":
        return typed.get(name)
    return typed.get(name, value_of(node))


def value_of(node):
    """The value of a text, a choice or a hidden field in the page as it was loaded."""
    if node.name == "select":
        options = list(node.nodes("option"))
        chosen = [option for option in options if option.has("selected")]
        if node.has("multiple"):
            return [option.get("value", "") for option in chosen] or None
        chosen = chosen or options[:1]
        return chosen[0].get("value", "") if chosen else None
    if node.name == "textarea":
        return "".join(child for child in node.children if isinstance(child, str))
    return node.get("value", "")


def choose(page, node, value):
    """Set the control `node` to `value`, as if somebody had chosen or typed it."""
    if node.name == "select":
        for option in node.nodes("option"):
            _mark(option, "selected", is_marked=option.get("value") == value)
    elif node.get("type") == "radio":
        for radio in controls(page, form_of(page, node)):
            if radio.get("type") == "radio" and radio.get("name") == node.get("name"):
                _mark(radio, "checked", is_marked=radio is node)
    else:
        node.attributes["value"] = value


def _mark(node, attribute, *, is_marked):
    node.attributes.pop(attribute, None)
    if is_marked:
        node.attributes[attribute] = None
