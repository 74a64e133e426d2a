#!/usr/bin/env python3
"""vx11ctl over whole clusters: matrix, redis, publish, rollback, local-cluster, discovery and saved profiles."""

import contextlib
import json
import os
import pty
import select
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from ctl import PRINCIPAL, Follower, command, ctl, environment, limit_s

from harness import Connection, Instance, Redis, finish, fleet, free_port, proof, until

DEAD = f"http://127.0.0.1:{free_port()}"


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] != "Z"
    except OSError:
        return False


class Memory(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.a, cls.b = cls.enterClassContext(fleet(Instance("a"), Instance("b")))

    def test_matrix(self):
        run = ctl("matrix", "--json", on=[self.a])
        self.assertEqual((run.code, run.json["verdict"], run.json["instances"]), (0, "whole", ["a"]))
        run = ctl("matrix", "--json", on=[self.a, self.b])
        self.assertEqual((run.code, run.json["verdict"]), (1, "diagonal"))
        self.assertIn("sticky routing", run.json["explanation"])
        (cell,) = [cell for cell in run.json["cells"] if (cell["issuer"], cell["validator"]) == ("a", "b")]
        self.assertEqual((cell["status"], cell["state"]), (403, "refused"))
        self.assertIsInstance(cell["latency_ms"], float)
        text = ctl("matrix", on=[self.a, self.b])
        self.assertEqual(text.code, 1)
        heading, first, second, sentence = text.out.splitlines()
        self.assertRegex(heading, r"^ISSUED ON +CHECKED ON a +CHECKED ON b$")
        self.assertRegex(first, r"^a +200 +[\d.]+ ms +403 ")
        self.assertRegex(second, r"^b +403 .* 200 ")
        self.assertIn("sticky routing", sentence)

    def test_matrix_with_another_principal(self):
        run = ctl("matrix", "--json", on=[self.a, self.b], principal="some-other-principal-987654")
        self.assertEqual((run.code, run.json["verdict"]), (1, "none"), run)

    def test_redis(self):
        run = ctl("redis", "--json", on=[self.a])
        self.assertEqual((run.code, run.json["configured"], run.json["up"]), (1, False, None))
        self.assertEqual(ctl("redis", on=[self.a]).out, "no Redis: memory mode\n")

    def test_publish(self):
        stream = self.a.stream()
        cases = (('{"n": 1}', {"n": 1}), ("some words", "some words"), ("7", 7), ("1,2", "1,2"))
        for number, (given, told) in enumerate(cases, 1):
            run = ctl("publish", "news", given, "--json", on=[self.a])
            self.assertEqual((run.code, run.json["instance"]), (0, "a"), run)
            self.assertTrue(stream.wait_named("news", number))
            self.assertEqual(json.loads(stream.named("news")[-1].data), told)
            self.assertEqual(stream.named("news")[-1].id, run.json["id"])
        stream.close()
        run = ctl("publish", "snapshot", "1", "--json", on=[self.a])
        self.assertEqual((run.code, run.json["error"]["code"]), (1, "reserved_event"), run)

    def test_rollback(self):
        run = ctl("rollback", "--to", "hybrid", "--yes", "--json", on=[self.a, self.b])
        self.assertEqual((run.code, run.lines[-1]["result"]), (1, "refused"), run)
        self.assertEqual(run.lines[-1]["reason"], "a has no Redis configured, which mode hybrid needs.")
        text = ctl("rollback", "--to", "memory", "--dry-run", on=[self.a, self.b])
        self.assertEqual(text.code, 0, text)
        self.assertRegex(text.out, r"STEP +WHERE +EFFECT\n")


class Hybrid(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.redis = cls.enterClassContext(Redis(password="a-hidden-word"))
        file = cls.enterClassContext(tempfile.NamedTemporaryFile("w"))
        file.write("a-hidden-word")
        file.flush()
        given = ("--redis-password-file", file.name)
        made = [Instance(name, cls.redis.url, "hybrid", *given) for name in "ab"]
        made.append(Instance("c", cls.redis.url, "hybrid", *given, "--advertise-url", "http://192.0.2.1:9"))
        cls.three = cls.enterClassContext(fleet(*made))
        cls.a = cls.three[0]

    def test_redis_told_by_instances(self):
        run = ctl("redis", "--json", on=self.three)
        self.assertEqual((run.code, run.json["configured"], run.json["up"]), (0, True, True), run)
        self.assertEqual([view["instance"] for view in run.json["instances"]], ["a", "b", "c"])
        self.assertEqual((run.json["role"], run.json["maxmemory_policy"]), ("master", "noeviction"))
        self.assertIn(run.json["told_by"], ["a", "b", "c"])
        self.assertLess(run.json["age_sec"], 15)
        self.assertIsNone(run.json["round_trip_ms"])
        self.assertIn(f"REDIS     127.0.0.1:{self.redis.port}", ctl("redis", on=self.three).out)

    def test_redis_asked_itself(self):
        for url, variables in (
            (self.redis.url, {"REDIS_PASSWORD": "a-hidden-word"}),
            (self.redis.url.replace("redis://", "redis://:a-hidden-word@"), {}),
        ):
            run = ctl("redis", "--redis", url, "--json", on=[DEAD], variables=variables)
            self.assertEqual((run.code, run.json["up"], run.json["told_by"]), (0, True, "redis"), run)
            self.assertGreater(run.json["round_trip_ms"], 0)
            self.assertNotIn("a-hidden-word", run.out + run.err)
        run = ctl("redis", "--redis", f"redis://127.0.0.1:{free_port()}", "--json", on=[DEAD])
        self.assertEqual((run.code, run.json["up"]), (3, False), run)
        self.assertIn("does not answer", run.err)

    def test_tokens_of_foreign_issuers(self):
        """What a backend in another language writes; `c` is found in the registry and never reached, and is none."""

        def put(number, issuer):
            value = json.dumps({"created_at": time.time(), "ttl_sec": 60, **({"issued_by": issuer} if issuer else {})})
            name = f"vx11:ephemeral_token:11111111-2222-4333-8444-{number:012d}"
            self.assertEqual(self.redis.ask("SET", name, value, "EX", 60), "OK")

        self.assertEqual(ctl("revoke", "--all", on=self.three).code, 0)
        self.three[2].calls.token()
        run = ctl("tokens", on=[self.a])
        self.assertNotIn("foreign", run.out + run.err)
        put(1, "py-1")
        run = ctl("tokens", on=[self.a])
        self.assertIn("vx11ctl: 2 live, 1 by py-1 (foreign)\n", run.err)
        put(2, "py-1")
        put(3, None)
        run = ctl("tokens", "--json", on=[self.a])
        issuers = [{"issued_by": "py-1", "live": 2}, {"issued_by": None, "live": 1}]
        self.assertEqual(run.json["foreign"], {"live": 3, "issuers": issuers}, run)
        self.assertIn("vx11ctl: an issuer without a name: 1\n", ctl("tokens", on=[self.a]).err)

    def test_one_stands_for_all(self):
        run = ctl("status", "--json", on=[self.a])
        self.assertEqual(sorted(one["id"] for one in run.json["instances"]), ["a", "b", "c"])
        (foreign,) = [one for one in run.json["instances"] if one["id"] == "c"]
        self.assertEqual((foreign["url"], foreign["state"]), ("http://192.0.2.1:9", "unreachable"), run)
        self.assertIn("http://192.0.2.1:9 was discovered and gets public calls only", run.err)
        self.assertNotIn("public calls only", ctl("status", "--trust-discovered", on=[self.a]).err)
        alone = ctl("status", "--no-discover", "--json", on=[self.a])
        self.assertEqual([one["id"] for one in alone.json["instances"]], ["a"])
        several = ctl("status", "--json", on=self.three[:2])
        self.assertEqual([one["id"] for one in several.json["instances"]], ["a", "b"])
        issued = ctl("issue", "--count", 4, "--json", on=[self.a]).json["tokens"]
        self.assertEqual({token["instance"] for token in issued}, {"a"})
        self.assertEqual(len(ctl("check", issued[0]["sse_token"], "--json", on=[self.a]).json["answers"]), 1)

    def test_publish_reaches_every_stream(self):
        streams = [one.stream() for one in self.three]
        run = ctl("publish", "news", "1", "--json", on=[self.a])
        self.assertEqual(run.code, 0, run)
        for stream in streams:
            self.assertTrue(stream.wait_named("news"))
            self.assertEqual(stream.named("news")[0].id, run.json["id"])
            stream.close()

    def test_matrix_again_and_again(self):
        with Follower("matrix", "--every", 1, on=self.three) as follower:
            moments = [follower.until(lambda result: result["verdict"] == "whole")["at"] for _ in range(2)]
            self.assertLess(moments[0], moments[1])
            self.assertEqual(follower.interrupted(), 0)

    def test_a_saved_profile(self):
        with tempfile.TemporaryDirectory() as folder:
            variables = {"XDG_CONFIG_HOME": folder}
            urls = [one.url for one in self.three[:2]]
            Path(folder, "vx11").mkdir()
            remote = {"id": "1", "name": "staging", "kind": "remote_cluster", "instances": urls, "discover": False}
            remote["redis"] = self.redis.url
            profiles = [remote, {"id": "2", "name": "mine", "kind": "local_server"}]
            Path(folder, "vx11", "profiles.json").write_text(json.dumps({"version": 1, "profiles": profiles}))
            run = ctl("--profile", "staging", "status", "--json", variables=variables)
            self.assertEqual([one["id"] for one in run.json["instances"]], ["a", "b"], run)
            self.assertEqual(ctl("matrix", "--profile", "staging", variables=variables).code, 0)
            password = {**variables, "REDIS_PASSWORD": "a-hidden-word"}
            run = ctl("redis", "--profile=staging", "--json", variables=password)
            self.assertEqual((run.code, run.json["told_by"]), (0, "redis"), run)
            for words, sentence in (
                (["--profile", "other", "status"], 'there is no profile "other"; there are: staging, mine'),
                (["--profile", "mine", "status"], 'the profile "mine" is a server inside the console'),
                (["--profile", "staging", "--instance", DEAD, "status"], "--profile and --instance can't be given"),
                (["--profile", "staging", "--redis", "redis://x", "redis"], "--profile and --redis can't be given"),
            ):
                run = ctl(*words, variables=variables)
                self.assertEqual((run.code, run.out), (2, ""), run)
                self.assertIn(sentence, run.err)
            run = ctl("--profile", "staging", "issue", variables=variables, principal=None)
            self.assertEqual(run.code, 2)
            self.assertIn("a principal is needed", run.err)
        run = ctl("--profile", "staging", "status", variables=variables)
        self.assertEqual(run.code, 2)
        self.assertIn("profiles.json holds none", run.err)


class Asked(unittest.TestCase):
    """Where somebody sits at a terminal."""

    def answered(self, words, on, answer):
        """(exit code, what the terminal showed)."""
        pid, terminal = pty.fork()
        if pid == 0:
            line = command(words, on)
            os.execve(line[0], line, environment(PRINCIPAL))
        shown, asked, ended = b"", False, 0
        with open(terminal, "r+b", buffering=0) as file, contextlib.suppress(OSError):  # EIO at its end
            while not ended:
                ended, status = os.waitpid(pid, os.WNOHANG)
                while select.select([file], [], [], 0.05)[0]:
                    shown += file.read(4096)
                if not asked and b"[y/N] " in shown:
                    asked = True
                    file.write(answer)
        if not ended:
            status = os.waitpid(pid, 0)[1]
        return os.waitstatus_to_exitcode(status), shown.decode()

    def test_before_what_is_dangerous(self):
        roll = ["rollback", "--watch-seconds", 0, "--to"]
        redis = self.enterContext(Redis())
        a = self.enterContext(Instance("a", redis.url, "hybrid"))
        until(a.healthy, 5, "a to be well")
        token = a.calls.token()
        for words in (["revoke", "--all"], [*roll, "memory"]):
            for answer in (b"n\n", b"\n", b"\x03", b"\x04"):  # no, nothing, Ctrl+C, Ctrl+D
                code, shown = self.answered(words, [a], answer)
                self.assertEqual(code, 1, (answer, shown))
                self.assertRegex(shown, "nothing was (revoked|changed)")
        self.assertEqual((a.calls.check(token).status, a.calls.internal("mode")["mode"]), (200, "hybrid"))
        code, shown = self.answered([*roll, "memory"], [a], b"y\n")
        self.assertEqual((code, a.calls.internal("mode")["mode"]), (0, "memory"), shown)
        code, shown = self.answered([*roll, "hybrid", "--yes"], [a], b"")
        self.assertEqual((code, a.calls.internal("mode")["mode"]), (0, "hybrid"), shown)
        self.assertNotIn("[y/N]", shown)
        code, shown = self.answered(["revoke", "--all"], [a], b"y\n")
        self.assertEqual((code, a.calls.check(token).status), (0, 403), shown)


class RedisGone(unittest.TestCase):
    def test_is_said(self):
        redis = self.enterContext(Redis())
        a = self.enterContext(Instance("a", redis.url, "hybrid"))
        until(a.healthy, 5, "a to be well")
        redis.kill()
        until(lambda: not a.healthy(), 5, "a to see that Redis is gone")
        run = ctl("redis", "--json", on=[a])
        self.assertEqual((run.code, run.json["configured"], run.json["up"]), (3, True, False), run)
        self.assertRegex(run.err, rf"Redis at 127.0.0.1:{redis.port} does not answer: .+")
        run = ctl("status", on=[a])
        self.assertEqual(run.code, 0, run)
        self.assertRegex(run.err, r"Redis can't be asked who is there: this is what a read from it \d+ s ago")
        run = ctl("rollback", "--to", "redis", "--json", on=[a])
        self.assertEqual((run.code, run.lines[-1]["result"]), (1, "refused"), run)
        run = ctl("rollback", "--to", "memory", "--no-discover", "--json", "--watch-seconds", 0, on=[a])
        self.assertEqual((run.code, run.lines[-1]["result"]), (0, "done"), run)

    def test_nobody_is_left_behind_unseen(self):
        """An instance that came up without Redis knows no others: it can't stand for the cluster."""
        redis = self.enterContext(Redis())
        redis.kill()
        a = self.enterContext(Instance("a", redis.url, "hybrid"))
        run = ctl("rollback", "--to", "memory", "--json", on=[a])
        self.assertEqual((run.code, run.lines[-1]["result"]), (1, "refused"), run)
        self.assertIn("--no-discover", run.lines[-1]["reason"])
        self.assertIn("a has no answer from the registry", run.err)
        self.assertEqual(a.calls.internal("mode")["mode"], "hybrid")
        self.assertEqual(ctl("rollback", "--to", "memory", "--dry-run", "--json", on=[a]).code, 0)
        tokens = ctl("tokens", "--json", on=[a])
        self.assertEqual((tokens.code, tokens.json["complete"]), (3, False), tokens)
        self.assertLess(tokens.took, limit_s(5))


class OneIsSilent(unittest.TestCase):
    """A paused instance: in the list, unreachable, and named by whoever needed its word."""

    def test_is_missed(self):
        redis = self.enterContext(Redis())
        a, b, c = self.enterContext(fleet(*(Instance(name, redis.url, "hybrid") for name in "abc")))
        self.assertEqual(len(ctl("status", "--json", on=[a]).json["instances"]), 3)
        os.kill(b.pid, signal.SIGSTOP)
        try:
            run = ctl("redis", "--json", on=[a, b, c])
            self.assertEqual((run.code, run.json["up"], run.json["silent"]), (0, True, [b.url.removeprefix("http://")]))
            self.assertEqual([view["instance"] for view in run.json["instances"]], ["a", "c"])
            self.assertIn(f"{b.url} did not answer in time; how it sees Redis isn't known", run.err)
            until(lambda: redis.ask("EXISTS", "vx11:operator:instance:b") == 0, 12, "b's record to lapse")
            for other in (a, c):
                run = ctl("status", "--json", on=[other])
                states = {one["id"]: (one["state"], one["reason"]) for one in run.json["instances"]}
                self.assertEqual(states["b"], ("unreachable", "timed_out"), run)
                self.assertEqual({name for name in states if states[name][0] == "live"}, {"a", "c"}, run)
            # Who never saw it alive can say no more than that it is missing.
            with Instance("d", redis.url, "hybrid") as d:
                silent = [one for one in d.calls.internal("instances")["instances"] if "silent_ms" in one]
                self.assertEqual([(one["id"], "url" in one) for one in silent], [("b", False)])
                self.assertGreater(silent[0]["silent_ms"], 9_000)
                run = ctl("status", "--json", on=[d])  # but it asks the others
                self.assertEqual(sorted(one["id"] for one in run.json["instances"]), ["a", "b", "c", "d"], run)
        finally:
            os.kill(b.pid, signal.SIGCONT)
        until(lambda: len(a.calls.internal("instances")["instances"]) == 3, 5, "b to be back and d to have left")


class WhatCannotBeTold(unittest.TestCase):
    def test_by_a_refused_principal(self):
        with Redis() as redis, Instance("a", redis.url, "hybrid") as a:
            run = ctl("redis", on=[a], principal="another-principal-0123456789")
            self.assertEqual((run.code, run.out), (1, ""), run)
            self.assertIn("refuses the principal", run.err)

    def test_of_a_redis_that_is_not_theirs(self):
        with Redis() as redis, Instance("a", redis.url, "hybrid") as a:
            until(a.healthy, 5, "a to be well")
            run = ctl("redis", "--redis", "redis://127.0.0.1:1/0", on=[a])
            self.assertEqual(run.code, 3, run)
            self.assertIn("Redis itself can't be asked at redis://127.0.0.1:1/0", run.err)

    def test_on_a_full_disk(self):
        with Instance("a") as a, open("/dev/full", "w") as full:
            program = [os.path.join(os.environ["VX11_BIN"], "vx11ctl"), "--instance", a.url, "status"]
            run = subprocess.run(program, stdout=full, stderr=subprocess.PIPE, text=True, timeout=limit_s(10))
            self.assertEqual(run.returncode, 3, run)
            self.assertIn("can't be written", run.stderr)


class LocalCluster(unittest.TestCase):
    def opened(self, *words, **options):
        tools = {"VX11_TOOLS": os.environ["VX11_TOOLS"]} if "VX11_TOOLS" in os.environ else {}
        return Follower("local-cluster", "--port", 0, *words, variables=tools, **options)

    def pids(self, ready):
        return [one["pid"] for one in [*ready["instances"], *([ready["redis"]] if ready["redis"] else [])]]

    def test_runs_until_it_is_interrupted(self):
        with self.opened() as cluster:
            ready = cluster.until(lambda event: event["event"] == "ready")
            pids = self.pids(ready)
            self.assertEqual(([one["id"] for one in ready["instances"]], len(pids)), (["a", "b", "c"], 4))
            self.assertNotIn("principal", ready)
            # Ready is: whoever asks one of them finds all.
            for one in ready["instances"]:
                run = ctl("status", "--json", on=[one["url"]])
                self.assertEqual(sorted(each["id"] for each in run.json["instances"]), ["a", "b", "c"], run)
            run = ctl("matrix", "--json", on=[one["url"] for one in ready["instances"]])
            self.assertEqual((run.code, run.json["verdict"]), (0, "whole"), run)
            os.kill(pids[1], signal.SIGKILL)
            event = cluster.until(lambda event: event["event"] == "process")
            self.assertEqual((event["name"], event["pid"]), ("b", None), event)
            self.assertEqual(cluster.interrupted(), 0)
        self.assertEqual([pid for pid in pids if alive(pid)], [])

    def test_three_servers_with_sentinels(self):
        with self.opened("--instances", 1, "--redis-servers", 3) as cluster:
            ready = cluster.until(lambda line: line["event"] == "ready", 30)
            servers, sentinels = ready["redis_servers"], ready["sentinels"]
            self.assertEqual([one["name"] for one in servers], ["redis-1", "redis-2", "redis-3"])
            self.assertEqual([one["name"] for one in sentinels], ["sentinel-1", "sentinel-2", "sentinel-3"])
            self.assertEqual(ready["redis"]["address"], servers[0]["address"])
            until(
                lambda: {one["address"] for one in ctl("redis", "--json", on=[ready["instances"][0]["url"]]).json["nodes"]}
                == {one["address"] for one in servers},
                15,
                "the instance to tell of all three",
            )
            self.assertEqual(cluster.interrupted(), 0)
        self.assertEqual([one["name"] for one in servers + sentinels if alive(one["pid"])], [])
        run = ctl("local-cluster", "--redis-servers", 2)
        self.assertEqual((run.code, "takes 1 or 3" in run.err), (2, True), run)

    def test_ends_when_it_is_killed(self):
        with self.opened("--instances", 2, "--mode", "memory", "--show-principal", principal=None) as cluster:
            ready = cluster.until(lambda event: event["event"] == "ready")
            pids = self.pids(ready)
            self.assertEqual((len(pids), ready["redis"]), (2, None))
            token = ctl("issue", on=[ready["instances"][1]["url"]], principal=ready["principal"]).out.strip()
            port = int(ready["instances"][1]["url"].rpartition(":")[2])
            calls = Connection(port, ready["principal"])
            self.assertEqual(calls.check(token).status, 200)
            calls.close()
            cluster.process.kill()
            cluster.process.wait()
            until(lambda: not any(map(alive, pids)), 5, "its processes to end with it")

    def test_without_a_redis_program(self):
        if any(os.access(f"{folder}/redis-server", os.X_OK) for folder in ("/usr/bin", "/usr/local/bin", "/usr/sbin")):
            self.skipTest("this machine has a Redis server where it is always found")
        run = ctl("local-cluster", "--json", variables={"PATH": "/nowhere"})
        self.assertEqual((run.code, run.json["error"]["code"]), (3, "unreachable"), run)
        self.assertIn("install the program redis-server", run.err)


if __name__ == "__main__":
    proof("matrix, redis, publish, rollback, local-cluster, discovery and profiles: exit codes 0, 1, 2, 3 and JSON")
    finish("vx11ctl on clusters")
