"""What the scripts of this folder share: three instances, nginx before them, pages behind it, and their tokens."""

import collections
import contextlib
import json
import random
import sys
import time
from datetime import datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "cluster"))
from cluster import Follower, ctl  # noqa: E402
from harness import Instance, Redis, finish, fleet, limit_s, proof, until  # noqa: E402
from load import Load, Request  # noqa: E402
from nginx import Nginx  # noqa: E402

__all__ = """Follower Instance Load audit MAX_LIFE_S Nginx Pages Redis Request changes ctl finish fleet limit_s modes proof
    result states steps switched_at three until visited""".split()

LIFE_S = 3
MAX_LIFE_S = 4  # the drain window
CHECKS_S = (0.0, 0.3, 0.6, 0.9, 1.2, 1.5, 1.8, 2.1, 2.4)  # after the issue
EDGE_S = 0.1  # a life's last moments aren't judged
# Each from a network of its own: nginx' ip_hash tells clients apart by the first three numbers of their address.
SOURCES = [f"127.0.{number}.2" for number in range(1, 25)]


@contextlib.contextmanager
def three(redis_url=None, mode="hybrid", *more, names="abc", healthy=True):
    """Instances with short lives, each with an audit log, and nginx before them."""
    lives = ("--ttl", str(LIFE_S), "--max-ttl", str(MAX_LIFE_S))
    made = [Instance(name, redis_url, mode, *lives, *more) for name in names]
    for one in made:
        one.audit = Path(one.folder.name, "audit")
        one.arguments += ["--audit-log", one.audit]
    with fleet(*made, healthy=healthy) as instances, Nginx(instances) as nginx:
        yield instances, nginx


def modes(instances) -> list:
    return [one.calls.internal("mode")["mode"] for one in instances]


def states(lines) -> list:
    """(step, instance) of what was done, in order."""
    return [(line["step"], line["instance"]) for line in lines if line.get("state") == "done"]


def steps(lines, step, state="done") -> list:
    """On which instances."""
    return [line["instance"] for line in lines if line.get("step") == step and line["state"] == state]


def result(run) -> tuple:
    return run.code, run.lines[-1]["result"] if run.lines else None


def audit(one) -> list:
    return [json.loads(line) for line in one.audit.read_text().splitlines()] if one.audit.exists() else []


def changes(one) -> list:
    """(from, to) of each change of its mode, as its audit log tells."""
    told = [entry["detail"].partition(",")[0] for entry in audit(one) if entry["action"] == "mode_change"]
    return [tuple(each.split(" to ")) for each in told]


def visited(one) -> list:
    """What the operation said of its steps in the audit log."""
    return [entry for entry in audit(one) if entry["action"] == "operation_step"]


def switched_at(one) -> list:
    """[(wall time, from, to)]"""
    lines = [line for line in one.log_lines() if line["event"] == "mode_changed"]
    return [(datetime.fromisoformat(line["time"]).timestamp(), line["from"], line["to"]) for line in lines]


class Pages:
    """Pages in many networks: each trades its principal for a token through the balancer, and has it checked there
    again and again until its life is over."""

    def __init__(self, nginx, seed=5):
        self.nginx, self.load = nginx, None
        self.random = random.Random(seed)
        self.issues, self.checks = [], []

    def running(self, rate: float) -> Load:
        """So many requests a second, most of them checks."""
        self.load = Load(rate / (1 + len(CHECKS_S)), self.next)
        return self.load

    def next(self):
        source = self.random.choice(SOURCES)
        return Request.issue(self.nginx, what=source, done=self.issued, source=source)

    def issued(self, request, answer):
        self.issues.append(answer)
        if answer.status != 200:
            return
        for after in CHECKS_S:
            check = Request.check(self.nginx, answer.json["sse_token"], answer, self.checked, source=request.what)
            self.load.later(after, check)

    def checked(self, request, answer):
        self.checks.append((request.what, answer))

    def judge(self) -> collections.Counter:
        """Checks of tokens that live: "accepted", "can't tell", "refused" (nothing else is final), by status."""
        words = {200: "accepted", 503: "can't tell", 403: "refused"}
        counts = collections.Counter()
        for issue, check in self.checks:
            if check.received < issue.sent + LIFE_S - EDGE_S:
                counts[words.get(check.status, str(check.status))] += 1
        return counts

    def refused_on_their_own(self) -> list:
        """Checks that the issuer itself did not accept."""
        name = "x-vx11-instance"
        return [
            check
            for issue, check in self.checks
            if check.received < issue.sent + LIFE_S - EDGE_S
            and check.status != 200
            and check.headers.get(name) == issue.headers.get(name)
        ]

    def refusals(self) -> list:
        """(issuer, refuser, wall times of issue and check) of what is final."""
        name = "x-vx11-instance"
        return [
            (issue.headers.get(name), check.headers.get(name), wall(issue.received), wall(check.sent))
            for issue, check in self.checks
            if check.received < issue.sent + LIFE_S - EDGE_S and check.status == 403
        ]

    def failed_issues(self) -> list:
        return [answer for answer in self.issues if answer.status != 200]


def wall(moment: float) -> float:
    """Of a moment of the steady clock."""
    return moment + time.time() - time.monotonic()
