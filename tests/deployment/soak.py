"""`make soak [SECONDS=600]`: people use the installed portal for a while, and things go wrong.

Staff apply and pay, HR approves, while web workers and task workers are killed, Redis hangs and is
emptied, PostgreSQL stops and comes back. At the end nothing that somebody was told is lost, the
data is sound, and the processes have not grown.
"""

import itertools
import random
import subprocess
import sys
import threading
import time
from collections import Counter

from tests.deployment.check import PASSWORDS, running

PEOPLE_A_SECOND = 0.25  # more than come through; each password costs a third of a second
ROW = "{number},张超,居民身份证,{id_number},汉族,{phone},图书馆,办事人员,在职,{password}\n"
HEADINGS = "工号,姓名,证件类型,社会保障号码,民族,手机号,部门,职业类别,在职状态,初始密码\n"


def phone_of(number):
    return f"138{number:08d}"


def people_for(seconds):
    return 20 + int(seconds * PEOPLE_A_SECOND)


def roster(count):
    from apps.typed_text.id_numbers import check_character  # noqa: PLC0415

    rows = []
    for number in range(1, count + 1):
        body = f"37999919850615{number:03d}"
        rows.append(
            ROW.format(
                number=f"T{number:04d}",
                id_number=body + check_character(body),
                phone=phone_of(number),
                password=PASSWORDS["T1001"],
            )
        )
    return HEADINGS + "".join(rows)


class Soak:
    def __init__(self, machine, env, messages, *, seconds):
        from tests.deployment.story import Portal  # noqa: PLC0415

        self.portal, self.machine, self.env = Portal(machine, env), machine, env
        self.messages, self.until = messages, time.monotonic() + seconds
        self.numbers = iter(range(1, people_for(seconds) + 1))
        self.told = Counter()  # what people were told, by sentence
        self.interrupted = Counter()
        self.faults = Counter()
        self.slowest = []

    def is_over(self):
        return time.monotonic() > self.until

    def applicant(self):
        """One person after the other applies and pays."""
        for number in self.numbers:
            if self.is_over():
                return
            PASSWORDS[f"T{number:04d}"] = PASSWORDS["T1001"]
            try:
                self._apply(f"T{number:04d}", phone_of(number))
            except (AssertionError, OSError, StopIteration, TypeError) as error:
                self.interrupted[_why(error)] += 1

    def _apply(self, number, phone):
        from tests.deployment import story  # noqa: PLC0415

        me = self.portal.visitor(number)
        story.hand_in(me, self.messages, phone)
        self.told["申领提交成功"] += 1
        story.pay(story.ship(me))
        story.wait_until(lambda: "支付成功" in me.reload().text, seconds=60, what="money")
        self.told["支付成功"] += 1
        self.slowest.append(max(me.client.seconds))

    def reviewer(self):
        """Approves what is there."""
        from django.urls import reverse  # noqa: PLC0415

        while not self.is_over():
            try:
                desk = self.portal.visitor("admin", at="/admin/")
                while not self.is_over():
                    desk.open(reverse("admin:cards_cardrequest_changelist"))
                    case = desk.follow("*超")
                    if "领办这件" in case.text:  # else it was claimed before the last fault
                        case.press("领办这件")
                    case.press("审核通过").see("已审核通过")
                    self.told["已审核通过"] += 1
            except (AssertionError, OSError, StopIteration, TypeError) as error:
                self.interrupted[f"desk: {_why(error)}"] += 1
                time.sleep(1)

    # --- What goes wrong

    def trouble(self):
        faults = [self.kill_web_worker, self.kill_worker, self.hang_redis, self.stop_postgres]
        for fault in itertools.cycle(faults):
            if self.until - time.monotonic() < 12:
                return
            self.faults[fault.__name__.replace("_", " ")] += 1
            fault()
            time.sleep(10)

    def kill_web_worker(self):
        subprocess.run(["kill", "-9", random.choice(sorted(self.portal.workers()))], check=False)  # noqa: S311

    def kill_worker(self):
        queue = random.choice(["lifecycle", "bureau", "notices", "heavy"])  # noqa: S311
        pid = (self.machine.run / f"sbk-worker@{queue}.service.pid").read_text()
        subprocess.run(["pkill", "-9", "-P", pid], check=False)
        subprocess.run(["kill", "-9", pid], check=False)
        self.portal.systemctl("start", f"sbk-worker@{queue}")

    def hang_redis(self):
        """It hangs for three seconds and comes back empty."""
        pid = (self.machine.run / "sbk-redis.service.pid").read_text()
        subprocess.run(["kill", "-STOP", pid], check=False)
        time.sleep(3)
        subprocess.run(["kill", "-9", pid], check=False)
        self.portal.systemctl("start", "sbk-redis")

    def stop_postgres(self):
        self.machine.postgres.stop()
        time.sleep(3)
        self.machine.postgres.start()

    # --- What is looked at

    def memory(self):
        """MB of all processes of web, workers and beat."""
        total = 0
        for file in self.machine.run.glob("sbk-*.pid"):
            pid = file.read_text().strip()
            command = ["ps", "-o", "rss=", "-p", pid, "--ppid", pid]
            rows = subprocess.run(command, capture_output=True, text=True, check=False)
            total += sum(map(int, rows.stdout.split()))
        return total // 1024

    def count(self, where):
        url = (self.machine.etc / "secrets" / "DATABASE_URL").read_text().strip()
        query = f"SELECT count(*) FROM cards_cardrequest WHERE {where}"  # noqa: S608
        done = subprocess.run(
            ["psql", url, "--tuples-only", "--command", query],
            capture_output=True,
            text=True,
            check=True,
        )
        return int(done.stdout)


def _why(error):
    """The first words of an error; pages follow them."""
    return f"{type(error).__name__}: {str(error)[:60]}"


def run(seconds):
    with running(lambda: roster(people_for(seconds))) as (machine, env, messages):
        soak = Soak(machine, env, messages, seconds=seconds)
        threads = [threading.Thread(target=soak.applicant) for _ in range(2)]
        threads += [threading.Thread(target=act) for act in (soak.reviewer, soak.trouble)]
        for thread in threads:
            thread.start()
        time.sleep(seconds / 3)
        before = soak.memory()
        for thread in threads:
            thread.join()
        after = soak.memory()
        time.sleep(12)  # beat finds what was left
        submitted = soak.count("status <> 'DRAFT'")
        accepted = soak.count("status NOT IN ('DRAFT', 'SUBMITTED', 'PAID')")
        approved = soak.count("status NOT IN ('DRAFT', 'SUBMITTED', 'PAID', 'ACCEPTED')")
        lost = sum(
            max(0, soak.told[words] - found)
            for words, found in (
                ("申领提交成功", submitted),
                ("支付成功", accepted),
                ("已审核通过", approved),
            )
        )
        print(f"  what went wrong: {dict(soak.faults)}")
        print(f"  told {dict(soak.told)}, interrupted {dict(soak.interrupted)}")
        print(f"  in the database: {submitted} submitted, {accepted} accepted, {approved} approved")
        print(f"  of {sum(soak.told.values())} things that people were told, {lost} are lost")
        print(f"  {before} MB after a third, {after} MB at the end")
        print(f"  slowest answer {max(soak.slowest, default=0):.1f} s")
        assert soak.told, "nobody came through"
        assert lost == 0
        assert after < before * 1.3 + 100, "the processes grow"
        subprocess.run(["deploy/manage", "verify_integrity"], cwd=machine.app, env=env, check=True)
    print("长时间运行检查通过。")


if __name__ == "__main__":
    run(int(sys.argv[1]) if len(sys.argv) > 1 else 600)
