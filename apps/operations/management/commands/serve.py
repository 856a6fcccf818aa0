"""`manage.py serve`: the whole portal on one machine, as one command."""

import os
import sys

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from environ import Env

from sbk_portal import forked, last_start, probe, supervisor
from sbk_portal.embedded import empty_broker
from sbk_portal.writable import trouble

HOST = "127.0.0.1"


class Command(BaseCommand):
    help = "准备数据库，启动网页、后台任务和定时任务三个进程（内置模式）。"
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=8000, help="网页的端口，默认 8000")
        parser.add_argument(
            "--no-demo", action="store_true", help="不载入演示数据，各环节用正式的时限"
        )

    def handle(self, *, port, no_demo, **options):
        _complete_environment(address=f"http://{HOST}:{port}", is_demo=not no_demo)
        if not settings.EMBEDDED:
            raise CommandError(
                "serve 只用于内置模式；正式部署分别启动各进程，见 docs/deployment.md。"
            )
        if sentence := trouble(settings.VAR_DIR):
            raise CommandError(sentence)
        try:
            with supervisor.sole_run(settings.VAR_DIR / "serve.lock") as was_killed:
                # A process left over from a killed run releases the port within seconds.
                if not supervisor.port_is_free(HOST, port, patience=10 if was_killed else 0):
                    raise CommandError(
                        f"端口 {port} 已被占用：请换一个端口（例如 make run PORT={port + 1}），"
                        "或先停止占用它的程序。"
                    )
                self.run(port=port, is_demo=not no_demo)
        except supervisor.AlreadyRunning as running:
            raise CommandError(
                f"这份数据（{settings.VAR_DIR}）上已有门户在运行（进程号 {running}），请先停止它。"
            ) from None
        except supervisor.Failed as failed:
            raise CommandError(f"没有启动成功：{failed} 出错，原因见上面的输出。") from None

    def run(self, *, port, is_demo):
        address = f"http://{HOST}:{port}"
        if not settings.REDIS_URL:
            empty_broker(settings.BROKER_DIR)
        # A copy of a process is safe with its system libraries on Linux.
        launch = forked.launch if sys.platform == "linux" else supervisor.launch
        with supervisor.Supervisor(
            env=dict(os.environ), cwd=settings.BASE_DIR, launch=launch
        ) as processes:
            if launch == forked.launch:
                forked.load()
            if not self.prepare(processes, is_demo=is_demo):
                return
            processes.say("▸ 启动网页、后台任务和定时任务")
            processes.keep(
                commands(port),
                is_ready=lambda: probe.is_healthy(address),
                when_ready=lambda: processes.say(
                    f"\n  社保卡自助办理门户已启动：{address}/\n"
                    f"  数据保存在 {settings.VAR_DIR}，下次启动接着用。按 Ctrl-C 停止。\n"
                ),
            )
            processes.say("▸ 正在停止")

    def prepare(self, processes, *, is_demo):
        """Prepare what is not prepared yet; False when asked to stop meanwhile."""
        about = {
            "folder": settings.VAR_DIR,
            "base": settings.BASE_DIR,
            "database": settings.DATABASES["default"],
            "demo": is_demo,
            "static": [settings.STATIC_ROOT, os.environ.get("SBK_STATIC_IS_COLLECTED")],
        }
        if last_start.is_prepared(**about):
            processes.say("▸ 上次启动以来没有要更新的")
            if is_demo:
                processes.say("  演示账户列在登录页上。")
            return True
        steps = [["manage.py", "prepare", *["--demo"] * is_demo]]
        if settings.STATIC_IS_COLLECTED:
            steps.append(["manage.py", "prepare_static"])
        if not processes.steps(*steps):
            return False
        last_start.note(**about)
        return True


def _complete_environment(*, address, is_demo):
    """Say what settings are read from, before anything reads them."""
    os.environ.setdefault("PORTAL_URL", address)
    if is_demo:
        os.environ["SBK_DEMO"] = "1"
    if not Env().bool("SBK_DEBUG", default=False):
        os.environ.setdefault("SBK_STATIC_IS_COLLECTED", "1")


def commands(port):
    celery = ["sbk_portal.background", "--quiet"]
    return {
        "web": [
            "gunicorn",
            "--config=deploy/gunicorn.conf.py",
            f"--bind={HOST}:{port}",
            "--workers=1",
            "--timeout=120",
            "--graceful-timeout=3",
            "--log-level=warning",
        ],
        "worker": [
            *celery,
            "worker",
            "--pool=threads",
            "--concurrency=4",
            "--without-gossip",
            "--without-mingle",
            "--without-heartbeat",
        ],
        "beat": [*celery, "beat", "--pidfile="],
    }
