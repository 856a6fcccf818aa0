"""Checks of what the portal stands on: database, migrations, broker, disk, clock, keys."""

import shutil
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from celery import current_app
from django.conf import settings
from django.db import connection

from apps.backup import folders
from apps.common import broker
from apps.common.leases import CLOCKS_DIFFER_BY
from apps.common.pending_migrations import pending_migrations
from apps.events import ownership, partitions
from apps.operations import keys
from apps.operations.enums import State
from apps.operations.examination import Diagnosis, HealthCheck, worst
from apps.operations.models import KeyRecord
from apps.unsent import scanning

# Differences and free space from which somebody should look, and from which it is an alarm.
CLOCK_WARN = timedelta(seconds=5)
DISK_WARN, DISK_BAD = 0.10, 0.03  # of the whole disk
# One is made each night; a night may be missed.
BACKUP_OLD_AFTER = timedelta(days=2)
# More messages than one tick of everything puts out: the workers do not keep up.
MESSAGES_WARN = 200
# Events of a month without a partition are kept all the same, but have to be moved later.
MONTHS_WARN = 3
# Seconds that the page waits for the virus scanner, and from which age on its signatures are old.
SCANNER_PATIENCE = 2.0
SIGNATURES_OLD_AFTER = timedelta(days=7)
# How old a key may get, and how long before its end a certificate is renewed.
KEY_AGE = timedelta(days=2 * 365)
CERTIFICATE_WARN, CERTIFICATE_BAD = timedelta(days=30), timedelta(days=7)


def _clock(at):
    ahead = _database_is_ahead()
    if ahead is None:
        return Diagnosis(State.OK, "数据库和应用用同一个时钟。")
    difference = timedelta(seconds=abs(ahead))
    says = f"数据库和应用的时钟相差 {difference.total_seconds():.1f} 秒。"
    if difference >= CLOCKS_DIFFER_BY:
        return Diagnosis(State.BAD, says)
    return Diagnosis(State.WARN if difference >= CLOCK_WARN else State.OK, says)


def _database_is_ahead():
    """By how many seconds the database's clock is ahead of ours; None where both are one clock."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        before = time.time()
        cursor.execute("SELECT EXTRACT(EPOCH FROM clock_timestamp())::float8")
        (theirs,) = cursor.fetchone()
        return theirs - (before + time.time()) / 2


def _migrations(at):
    lines = tuple(f"{label}.{name}" for label, name in pending_migrations(connection))
    if lines:
        return Diagnosis(State.BAD, f"有 {len(lines)} 个迁移没有执行。", lines)
    return Diagnosis(State.OK, "数据库结构是最新的。")


def _broker(at):
    found = broker.ask([queue.name for queue in current_app.conf.task_queues])
    if found.trouble:
        return Diagnosis(
            State.BAD, f"消息队列{found.trouble}，定时任务停着；登录、提交和缴费照常。"
        )
    lines = tuple(f"{queue}：{count} 条" for queue, count in found.waiting.items())
    most = max(found.waiting.values(), default=0)
    if most > MESSAGES_WARN:
        return Diagnosis(State.WARN, f"消息队列里等着 {most} 条，后台任务跟不上。", lines)
    return Diagnosis(State.OK, f"消息队列正常，等着 {sum(found.waiting.values())} 条。", lines)


def _disk(at):
    usage = shutil.disk_usage(settings.VAR_DIR)
    share = usage.free / usage.total
    says = f"数据目录所在的磁盘还剩 {usage.free / 2**30:.1f} GB（{share:.0%}）。"
    if share < DISK_BAD:
        return Diagnosis(State.BAD, says)
    return Diagnosis(State.WARN if share < DISK_WARN else State.OK, says)


def _backups(at):
    if not settings.BACKUP_KEY:
        return Diagnosis(State.OK, "没有设 BACKUP_KEY，这里不看备份。")
    folder = Path(settings.BACKUP_DIR)
    try:
        moments = [folders.moment_of(path.name) for path in folder.iterdir()]
    except OSError as error:
        return Diagnosis(State.WARN, f"备份的目录读不到：{error.strerror}。", (str(folder),))
    last = max(filter(None, moments), default=None)
    if last is None:
        return Diagnosis(State.WARN, "还没有备份过。", (str(folder),))
    hours = max(int((at - last).total_seconds() // 3600), 0)
    state = State.BAD if at - last > BACKUP_OLD_AFTER else State.OK
    return Diagnosis(state, f"最近一次备份在 {hours} 小时以前。", (str(folder),))


def _keys(at):
    seen = {(row.name, row.digest): row.first_seen_at for row in KeyRecord.objects.all()}
    lines, states = [], [State.OK]
    for name, digest in keys.digests().items():
        since = seen.get((name, digest), at)
        is_old = at - since > KEY_AGE
        states.append(State.WARN if is_old else State.OK)
        lines.append(f"{name}（{digest[:8]}）：用了 {max((at - since).days, 0)} 天")
    says = "密钥都在期限内。" if worst(states) == State.OK else "有密钥用得太久，该更换了。"
    return Diagnosis(worst(states), says, tuple(lines))


def _roles(at):
    if settings.EMBEDDED:
        return Diagnosis(State.OK, "内置模式，不分数据库角色。")
    lines = tuple(ownership.findings())
    if lines:
        return Diagnosis(State.BAD, "应用的数据库角色能改写办理记录。", lines)
    return Diagnosis(State.OK, "应用的数据库角色去不掉办理记录的保护。")


def _months(at):
    found = partitions.reach(at)
    if found is None:
        return Diagnosis(State.OK, "办理记录是一张表，没有按月分区。")
    says = f"办理记录按月分区，以后 {found.ahead} 个月的已经备好。"
    if found.rest:
        return Diagnosis(State.WARN, f"{says}有 {found.rest} 条不在任何一个月里。")
    return Diagnosis(State.WARN if found.ahead < MONTHS_WARN else State.OK, says)


def _scanner(at):
    if not settings.VIRUS_SCANNER:
        return Diagnosis(State.OK, "没有设病毒扫描，上传的文件不扫描。")
    try:
        answer = scanning.ask(b"PING", seconds=SCANNER_PATIENCE)
        version = scanning.ask(b"VERSION", seconds=SCANNER_PATIENCE)
    except (OSError, scanning.NoAnswer) as error:
        why = (f"{settings.VIRUS_SCANNER}：{error}",)
        return Diagnosis(State.BAD, "病毒扫描没有回答，上传的文件都先不收。", why)
    lines = (f"对 PING 的回答：{answer}", f"版本：{version}")
    if answer != "PONG":
        return Diagnosis(State.BAD, "病毒扫描答非所问，上传的文件都先不收。", lines)
    made_at = _signatures_made_at(version)
    if made_at and at - made_at > SIGNATURES_OLD_AFTER:
        return Diagnosis(State.WARN, f"病毒库是 {(at - made_at).days} 天前的。", lines)
    return Diagnosis(State.OK, "病毒扫描有回答。", lines)


def _signatures_made_at(version):
    """From "ClamAV 1.4.1/27469/Tue Nov 24 09:12:07 2026", of UTC; None where it says no day."""
    try:
        made = datetime.strptime(version.split("/")[2], "%a %b %d %H:%M:%S %Y")  # noqa: DTZ007
    except (IndexError, ValueError):
        return None
    return made.replace(tzinfo=UTC)


def _certificates(at):
    lines, states = [], [State.OK]
    for name, ends_at in keys.certificates():
        if ends_at is None:
            lines.append(f"{name}：读不到")
            states.append(State.WARN)
            continue
        left = ends_at - at
        lines.append(f"{name}：{_left(left)}")
        if left < CERTIFICATE_BAD:
            states.append(State.BAD)
        elif left < CERTIFICATE_WARN:
            states.append(State.WARN)
    if not lines:
        return Diagnosis(State.OK, "没有用到证书。")
    state = worst(states)
    says = "证书都还有效。" if state == State.OK else "有证书快到期、已过期或读不到。"
    return Diagnosis(state, says, tuple(lines))


def _left(left):
    return f"还有 {left.days} 天" if left > timedelta(0) else f"已过期 {-left.days} 天"


CHECKS = (
    HealthCheck(
        "migrations",
        "数据库结构",
        "先备份，再运行 manage.py migrate，然后重启各进程。",
        _migrations,
    ),
    HealthCheck(
        "clock",
        "时钟",
        "在两台机器上启用时间同步（chrony 或 systemd-timesyncd），并查看哪一台不准。",
        _clock,
    ),
    HealthCheck(
        "broker",
        "消息队列",
        "查看 Redis 是否在运行、内存是否用完；重启它不会丢事，该做什么由数据库里的记录决定。"
        "等着的很多而后台任务在运行，就增加 worker。",
        _broker,
    ),
    HealthCheck(
        "disk",
        "磁盘",
        "清理日志和旧备份，或扩大磁盘；数据库和照片写不进去时，页面会答“暂时打不开”。",
        _disk,
    ),
    HealthCheck(
        "backups",
        "备份",
        "看 systemctl status sbk-backup.timer 和 journalctl -u sbk-backup：多半是磁盘满了，"
        "或数据库的只读角色登录不了；改好以后 systemctl start sbk-backup.service 补一次。",
        _backups,
    ),
    HealthCheck(
        "roles",
        "数据库角色",
        "按 docs/deployment.md 第五节另建应用的角色，由表的所有者运行 manage.py database_roles，"
        "再把 DATABASE_URL 换成它。",
        _roles,
    ),
    HealthCheck(
        "months",
        "办理记录分区",
        "由表的所有者运行 manage.py partition_events：补上以后各月，并把不在任何一个月里的移进去。"
        "记录照常写得进去，不急。",
        _months,
    ),
    HealthCheck(
        "scanner",
        "病毒扫描",
        "查看 clamd 是否在运行、VIRUS_SCANNER 写的套接字对不对；病毒库旧了就查看 freshclam。"
        "一时修不好，把 VIRUS_SCANNER 清空再重启各进程，文件就不经扫描收下。",
        _scanner,
    ),
    HealthCheck(
        "keys",
        "密钥",
        "按 docs/deployment.md 第六节更换；FIELD_KEYS 换后运行 manage.py reencrypt。",
        _keys,
    ),
    HealthCheck(
        "certificates",
        "证书",
        "续期证书并重新加载 nginx；支付平台的证书在它的控制台更新后换掉文件，再重启各进程。",
        _certificates,
    ),
)
