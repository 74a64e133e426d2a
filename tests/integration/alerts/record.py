#!/usr/bin/env python3
"""Writes the samples that tests/core/cluster/alert_recording_test.cpp judges: eleven minutes of three real instances
over a real Redis, in which everything that has a rule goes wrong once and comes right again.

    record.py FILE        (VX11_BIN and VX11_TOOLS as for the tests; nothing runs it by itself)
"""

import json
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "redis"))
from harness import NO_TOKEN, Connection, Instance, Redis, Stream, TcpProxy, fleet, waits  # noqa: E402
from load import Load, Request  # noqa: E402

STEP_S, LENGTH_S = 5, 640
TROUBLE = range(30, 420)  # long enough for the rules that wait five minutes
BURST = range(30, 210)
AWAY = range(60, 180)
BY_PRINCIPAL = range(30, 150)
NO_REDIS = range(460, 560)


def reading(name: str, slot: int, instance) -> dict:
    """What the console would take from its answer; an instance that doesn't answer is down."""
    calls = Connection(instance.port, instance.principal)
    sample = {"slot": slot, "id": name}
    try:
        stats, redis = calls.internal("cache-stats"), calls.internal("redis")
    except OSError:
        return sample | {"up": False}
    finally:
        calls.close()
    p95 = {word: value["p95"] for word, value in stats["latency_ms"].items() if value["count"]}
    return sample | {
        "up": True,
        "issued": stats["tokens"]["issued"],
        "live": stats["tokens"]["active"],
        "refused": stats["checks"]["refused"],
        "token_streams": stats["streams"]["ephemeral_total"],
        "principal_streams": stats["streams"]["principal_total"],
        "ttl_sec": stats["ttl_sec"],
        "p95": {word: p95[word] for word in ("issue", "check_local", "check_redis", "stream_open") if word in p95},
        "redis_up": stats["redis"]["up"],
        "redis": redis.get("health") if stats["redis"]["up"] else None,
    }


def sample(at: float, instances) -> dict:
    told = [reading(one.name, slot, one) for slot, one in enumerate(instances)]
    health = next((one["redis"] for one in told if one.get("redis")), None)
    away = [not one["redis_up"] for one in told if one["up"]]
    redis = {"away": sum(away)} if away else {}
    if health:
        redis |= {"used_memory": health["used_memory"], "max_memory": health["maxmemory"]}
    for one in told:
        one.pop("redis", None)
        one.pop("redis_up", None)
    return {"at": round(at), "instances": told, "redis": redis}


class Worker(threading.Thread):
    """Calls `turn` every so often while the recording is within `span`."""

    def __init__(self, begun: float, span: range, every_s: float, turn):
        super().__init__(daemon=True)
        self.begun, self.span, self.every_s, self.turn = begun, span, every_s, turn
        self.start()

    def run(self):
        waits(self.begun + self.span.start)
        while (now := time.monotonic()) < self.begun + self.span.stop:
            self.turn()
            waits(now + self.every_s)


def opened(port: int, token=None, principal=None):
    Stream(port, token, principal).close()


def slowly(instance):
    """A token's whole life over the slow way to Redis."""
    calls = instance.connect()
    token = calls.token()
    calls.check(token)
    opened(instance.port, token)
    calls.close()


def burst(instance):
    turn = iter(range(10**9))
    return lambda: (
        Request.check(instance, NO_TOKEN) if next(turn) % 12 == 0 else Request.issue(instance)
    )


def record(file):
    with Redis("--maxmemory", "48mb") as redis, TcpProxy(redis.port) as slow_way:
        slow_url = f"redis://127.0.0.1:{slow_way.port}/0"
        slow = Instance("slow", slow_url, "redis", "--redis-timeout-ms", "3000")
        busy = Instance("busy", redis.url, "hybrid")
        short = Instance("short-lived", redis.url, "hybrid")
        with fleet(slow, busy, short) as instances:
            begun = time.monotonic()
            seen = busy.calls.token(ttl_sec=300)
            checking = busy.connect()
            Worker(begun, TROUBLE, 2, lambda: slowly(slow))
            Worker(begun, TROUBLE, 2, lambda: slowly(slow))
            Worker(begun, TROUBLE, 0.5, lambda: checking.check(seen))
            Worker(begun, BY_PRINCIPAL, 1, lambda: opened(busy.port, principal=busy.principal))
            load = None
            for second in range(0, LENGTH_S, STEP_S):
                waits(begun + second)
                if second == TROUBLE.start:
                    slow_way.delay_s = 0.3
                    for n in range(39):
                        redis.ask("SET", f"filler:{n}", "x" * 1_000_000)
                if second == TROUBLE.stop:
                    slow_way.delay_s = 0.0
                    redis.ask("DEL", *(f"filler:{n}" for n in range(39)))
                if second == BURST.start:
                    load = Load(250, burst(busy)).__enter__()
                if second == BURST.stop:
                    load.__exit__()
                if second == AWAY.start:
                    short.process.kill()
                    short.process.wait()
                if second == AWAY.stop:
                    short.port_file.unlink()
                    short.launch()
                    short.ready()
                if second == NO_REDIS.start:
                    redis.kill()
                if second == NO_REDIS.stop:
                    redis.start()
                file.write(json.dumps(sample(second * 1000, instances), separators=(",", ":")) + "\n")
                file.flush()


if __name__ == "__main__":
    with open(sys.argv[1], "w", encoding="utf-8") as target:
        record(target)
