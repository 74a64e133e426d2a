"""What the scripts of this folder share: three instances over many servers, and how a loss is watched."""

import json
import sys
import tempfile
import time
from pathlib import Path

from node import Security
from harness import Instance, check_everywhere, finish, limit_s, until

USER, PASSWORD, SENTINEL_PASSWORD = "vx11", "a-password-of-redis-0123456789", "a-password-of-sentinels-0123"
IS_PLAIN = "--plain" in sys.argv  # a script's argument
secrets_folder = tempfile.TemporaryDirectory(prefix="vx11-secrets-")


def own_security() -> Security:
    """The users of packaging/redis with passwords; with --plain nothing is guarded, to tell two causes apart."""
    return Security() if IS_PLAIN else Security(PASSWORD, SENTINEL_PASSWORD, acl=True)


def done(title: str):
    """See harness.finish."""
    sys.argv[:] = [word for word in sys.argv if word != "--plain"]
    finish(title)


def credentials(security: Security, url: str) -> tuple:
    """(the URL with what it takes to get in, further arguments)"""
    arguments = []
    if security.password:
        user = USER if security.acl else ""
        url = url.replace("://", f"://{user}:{security.password}@")
    if security.sentinel_password and "+sentinel" in url:
        file = Path(secrets_folder.name, "sentinels")
        file.touch(0o600)
        file.write_text(security.sentinel_password + "\n")
        arguments += ["--sentinel-password-file", file]
        if security.acl:
            arguments += ["--sentinel-username", USER]
    if security.tls:
        arguments += ["--redis-ca-file", security.tls.ca]
    return url, arguments


def instances_over(
    url: str, security: Security, *arguments, modes=("hybrid", "hybrid", "redis"), names="abcdef"
) -> list:
    """a, b, c; the second of them with two event loops."""
    url, own = credentials(security, url)
    made = []
    for number, (name, mode) in enumerate(zip(names, modes)):
        made.append(Instance(name, url, mode, "--ttl", "120", *own, *arguments, threads=1 + (number == 1)))
    return made


def redis_of(instance) -> dict:
    return instance.calls.internal("redis")


def short(instance) -> str:
    """What it says of Redis, for a failure's text."""
    said, ready = redis_of(instance), instance.calls.ready().json["components"]
    names = ("address", "up", "breaker", "last_error", "failovers", "nodes", "sentinels", "cluster")
    return f"{instance.name}: {json.dumps({name: said.get(name) for name in names})} {json.dumps(ready)}"


def all_well(instances, seconds=10) -> float:
    begun = time.monotonic()
    for one in instances:
        until(one.healthy, seconds, lambda one=one: f"{one.name} to be well: {short(one)}")
    return time.monotonic() - begun


def valid_everywhere(test, instances, tokens, seconds=2, what="token"):
    """Each of `tokens` is valid on each instance, at once or in time, and never refused. The seconds it took."""
    begun, missing, looks = time.monotonic(), list(tokens), 0
    while missing:
        wrong = {}
        for token in missing:
            statuses = [answer.status for answer in check_everywhere(instances, token)]
            test.assertNotIn(403, statuses, f"{what} refused for good, {time.monotonic() - begun:.2f} s after")
            if statuses != [200] * len(instances):
                wrong[token] = statuses
        missing, looks = list(wrong), looks + 1
        # A first look at many takes long by itself.
        if missing and looks > 1 and time.monotonic() - begun > limit_s(seconds):
            test.fail(f"{len(missing)} of {len(tokens)}: {what} not valid everywhere: {list(wrong.items())[:5]}")
    return time.monotonic() - begun


def refused_everywhere(test, instances, tokens, seconds=2):
    for token in tokens:
        until(
            lambda one=token: [answer.status for answer in check_everywhere(instances, one)] == [403] * len(instances),
            seconds,
            lambda one=token: f"a revoked token to be refused everywhere: {check_everywhere(instances, one)}",
        )


def crosses_at_once(test, instances):
    """A token of each is valid on all; revoked on one it is refused on all within 250 ms."""
    for one in instances:
        answer = one.calls.issue()
        test.assertEqual((answer.status, answer.json.get("degraded")), (200, None), f"{answer} {short(one)}")
        token = answer.json["sse_token"]
        statuses = [answer.status for answer in check_everywhere(instances, token)]
        test.assertEqual(statuses, [200] * len(instances), f"a token of {one.name}")
        # 202: not all could be told in the time that a call may take. It is told once more then.
        until(lambda: one.calls.revoke(token=token).status == 200, 2, lambda: f"a revocation: {short(one)}")
        refused_everywhere(test, instances, [token], 0.25)
