"""`make lighthouse` installs what its lock file names, whatever has been published since."""

import json

from django.conf import settings

FOLDER = settings.BASE_DIR / "tools/lighthouse"


def test_nothing_is_asked_for_in_its_latest_version():
    """npm refuses a lock file as soon as a newer version of such a package exists."""
    package, lock = (
        json.loads((FOLDER / name).read_text(encoding="utf-8"))
        for name in ("package.json", "package-lock.json")
    )
    moving = {
        name
        for one in lock["packages"].values()
        for name, version in one.get("dependencies", {}).items()
        if version == "latest"
    }
    pinned = package["overrides"]
    assert pinned.keys() == moving
    installed = {name: lock["packages"][f"node_modules/{name}"]["version"] for name in pinned}
    assert pinned == installed
