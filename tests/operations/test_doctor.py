import pytest
from django.core.management import call_command
from django.db import OperationalError

from apps.operations.checks import CHECKS
from apps.operations.management.commands import doctor
from apps.operations.models import Process


@pytest.mark.django_db
def test_the_doctor_says_every_check_and_what_to_do(capsys):
    with pytest.raises(SystemExit) as ended:
        call_command("doctor")
    assert ended.value.code == 1  # nothing runs here
    output = capsys.readouterr().out
    for check in CHECKS:
        assert check.title in output
    assert "怎么办：先看消息队列那一项" in output


@pytest.mark.django_db
def test_with_nothing_bad_it_ends_well(monkeypatch, capsys):
    monkeypatch.setattr(doctor, "CHECKS", [check for check in CHECKS if check.key == "disk"])
    call_command("doctor", all=True)
    assert capsys.readouterr().out.startswith("[正常] 磁盘")
    assert not Process.objects.exists()


def test_without_the_database_it_says_so(monkeypatch, capsys):
    def away(*args, **kwargs):
        raise OperationalError("no connection")

    monkeypatch.setattr(doctor, "examine", away)
    with pytest.raises(SystemExit) as ended:
        call_command("doctor")
    assert ended.value.code == 1
    assert "数据库连不上" in capsys.readouterr().out
