"""The bill of materials names every pinned library once, with its hashes."""

from tests.deployment.advisories import pins
from tests.deployment.sbom import bill


def test_every_pinned_library_stands_in_the_bill_once():
    components = bill()["components"]
    assert {(each["name"], each["version"]) for each in components} == pins()
    assert len({each["bom-ref"] for each in components}) == len(components)


def test_every_library_has_the_hashes_by_which_it_is_installed():
    components = bill()["components"]
    assert all(each["hashes"] for each in components)
    [django] = [each for each in components if each["name"] == "django"]
    assert django["scope"] == "required"
    assert django["purl"].startswith("pkg:pypi/django@5.2")


def test_the_same_lists_give_the_same_bill():
    assert bill() == bill()
