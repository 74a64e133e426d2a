#!/usr/bin/env python3
"""Each command of vx11ctl against real instances in memory mode: exit codes, JSON, and what it prints for people."""

import http.server
import json
import os
import signal
import subprocess
import tempfile
import threading
import unittest
from pathlib import Path

from ctl import PRINCIPAL, Follower, ctl, limit_s

from harness import NO_TOKEN, Instance, finish, fleet, free_port, proof, public_id

DEAD = f"http://127.0.0.1:{free_port()}"


class WrongUse(unittest.TestCase):
    """Exit 2, a sentence on stderr, nothing on stdout."""

    def refuses(self, words, *sentences, **options):
        run = ctl(*words, **options)
        self.assertEqual((run.code, run.out), (2, ""), run)
        for sentence in sentences:
            self.assertIn(sentence, run.err)

    def test_unknown_names(self):
        self.refuses(["stauts"], 'there is no command "stauts"', "did you mean status?")
        self.refuses(["frobnicate"], 'there is no command "frobnicate"')
        self.refuses(["issue", "--cuont", 3], "issue has no option --cuont", "did you mean --count?")
        self.refuses(["--jsn", "status"], "there is no option --jsn", "did you mean --json?")
        self.refuses([], "a command is missing")

    def test_values(self):
        self.refuses(["issue", "--count", 0], '--count takes a number from 1 to 100000, not "0"')
        self.refuses(["issue", "--ttl", "soon"], '--ttl takes a number from 1 to 86400, not "soon"')
        self.refuses(["issue", "--count"], "--count takes a value")
        self.refuses(["status", "--json=yes"], "--json takes no value")
        self.refuses(["status", "--principal-file", "a", "--principal-file", "b"], "--principal-file is given twice")
        self.refuses(["status"], "--instance takes an address", on=["not a url"])
        self.refuses(["status"], "--instance takes an address", on=["redis://127.0.0.1:1"])

    def test_words(self):
        self.refuses(["check"], "check takes TOKEN")
        self.refuses(["status", "now"], "status takes no further word")
        self.refuses(["revoke"], "revoke takes one of")
        self.refuses(["revoke", NO_TOKEN, "--all"], "revoke takes one of")
        self.refuses(["revoke", "--id", "12"], "--id takes the 32 hexadecimal digits")
        self.refuses(["check", "x" * 96], "a token has 1 to 95 characters")
        self.refuses(["publish", "news"], "publish takes EVENT DATA")
        self.refuses(["matrix", "--every", 0], '--every takes a number from 1 to 86400, not "0"')
        self.refuses(["local-cluster", "--instances", 11], '--instances takes a number from 1 to 10, not "11"')
        self.refuses(["local-cluster", "--mode", "signed"], "--mode takes memory, redis or hybrid")
        self.refuses(["local-cluster"], "local-cluster opens a cluster of its own and takes no --instance", on=[DEAD])

    def test_operations(self):
        modes = "memory, single, redis, hybrid or signed"
        self.refuses(["rollback"], f"rollback takes --to {modes}")
        self.refuses(["rollback", "--to", "momery"], f'--to takes {modes}, not "momery"')
        self.refuses(["rollback", "--to", "single"], "--to single takes --keep ID")
        self.refuses(["rollback", "--to", "memory", "--keep", "a"], "--keep belongs to --to single")
        self.refuses(["rollback", "--to", "memory", "--watch-seconds", "-1"], "--watch-seconds takes a number from 0 to")
        self.refuses(["rollback", "--to", "memory", "--reload-command", "  "], "--reload-command takes a command")
        self.refuses(["rollback", "--to", "memory", "--reload-command", 'a "b'], "--reload-command: Nothing closes the quote")
        self.refuses(["rollback", "--resume", "--to", "memory"], "--resume goes on with what was begun: it takes no --to")
        self.refuses(["restart", "--to", "memory"], "restart has no option --to")
        self.refuses(["restart", "--watch-seconds", "1"], "restart has no option --watch-seconds")

    def test_what_is_not_there_yet(self):
        for command in ("load", "readiness"):
            self.refuses([command], f'there is no command "{command}"')

    def test_addresses(self):
        self.refuses(["matrix", "--balancer", "nginx"], "--balancer takes an address such as http", on=[DEAD])
        self.refuses(["redis", "--redis", "http://127.0.0.1"], "--redis", on=[DEAD])
        self.refuses(["redis", "--redis", "redis://:hidden-word@host:port"], "--redis", on=[DEAD])
        self.assertNotIn("hidden-word", ctl("redis", "--redis", "redis://:hidden-word@host:port", on=[DEAD]).err)

    def test_principals(self):
        self.refuses(["issue"], "a principal is needed", principal=None)
        self.refuses(["status", "--principal-file", "/nowhere/principal"], "/nowhere/principal can't be read")
        with tempfile.NamedTemporaryFile("w") as file:
            self.refuses(["issue", "--principal-file", file.name], "holds no principal")

    def test_help_is_no_wrong_use(self):
        for words in (["--help"], ["issue", "-h"], ["--version"], ["help"], ["help", "issue"]):
            run = ctl(*words, principal=None)
            self.assertEqual((run.code, run.err), (0, ""))
            self.assertIn("vx11ctl", run.out)
        self.assertIn("--single-use", ctl("issue", "--help").out)

    def test_help_has_two_columns(self):
        for words in (["--help"], ["revoke", "--help"]):
            for line in ctl(*words).out.splitlines():
                self.assertEqual(line, line.rstrip())
                if line.startswith("  "):
                    self.assertRegex(line, r"^  .{27} \S", words)


class NobodyThere(unittest.TestCase):
    """Exit 3 in about three seconds, and a sentence that names the address."""

    COMMANDS = (["status"], ["issue"], ["check", NO_TOKEN], ["revoke", "--all"], ["tokens"], ["tokens", "--follow"])
    COMMANDS += (["watch"], ["matrix"], ["matrix", "--every", 1], ["redis"], ["publish", "news", "1"])
    COMMANDS += (["rollback", "--to", "memory"], ["rollback", "--to", "memory", "--dry-run"])

    def test_dead_address(self):
        for words in self.COMMANDS:
            with self.subTest(words):
                run = ctl(*words, on=[DEAD])
                self.assertEqual(run.code, 3, run)
                self.assertIn(f"{DEAD} can't be reached: connection refused", run.err)
                self.assertLess(run.took, limit_s(3))

    def test_dead_address_in_json(self):
        self.assertEqual(ctl("issue", "--json", on=[DEAD]).json["error"]["code"], "unreachable")
        (instance,) = ctl("status", "--json", on=[DEAD]).json["instances"]
        self.assertEqual((instance["state"], instance["reason"]), ("unreachable", "connection_refused"))
        self.assertIsNone(instance["live_tokens"])

    def test_paused_instance(self):
        with Instance("a") as a:
            os.kill(a.pid, signal.SIGSTOP)
            try:
                for words in (["status"], ["issue"]):
                    run = ctl(*words, on=[a])
                    self.assertEqual(run.code, 3, run)
                    self.assertIn("did not answer in time", run.err)
                    self.assertLess(run.took, limit_s(3.5))
                (instance,) = ctl("status", "--json", on=[a]).json["instances"]
                self.assertEqual((instance["state"], instance["reason"]), ("unreachable", "timed_out"))
            finally:
                os.kill(a.pid, signal.SIGCONT)


class OneInstance(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.a = cls.enterClassContext(Instance("a"))

    def ctl(self, *words, **options):
        return ctl(*words, on=[self.a], **options)

    def test_status(self):
        (instance,) = self.ctl("status", "--json").json["instances"]
        self.assertEqual((instance["id"], instance["url"]), ("a", self.a.url))
        self.assertEqual((instance["state"], instance["mode"], instance["reason"]), ("live", "memory", None))
        self.assertIsInstance(instance["live_tokens"], int)
        text = self.ctl("status")
        self.assertEqual(text.code, 0)
        heading, line = text.out.splitlines()
        self.assertTrue(heading.startswith("INSTANCE  STATE"), heading)
        self.assertRegex(line, rf"^a +live +memory .*{self.a.url}$")
        self.assertEqual(text.err, "")
        unnamed = self.ctl("status", principal=None)
        self.assertEqual(unnamed.code, 0)
        self.assertIn("without a principal (VX11_OPERATOR_TOKEN, --principal-file) an instance tells little", unnamed.err)

    def test_an_address_without_its_scheme(self):
        for address in (self.a.url.removeprefix("http://"), self.a.url.replace("http://127.0.0.1", "localhost")):
            self.assertEqual(ctl("status", on=[address]).code, 0, address)

    def test_members_of_json(self):
        """Scripts read these: a name that goes, or changes, breaks them."""
        issued = self.ctl("issue", "--json").json
        token = issued["tokens"][0]["sse_token"]
        members = {
            "instances": "id url state reason mode version internal_calls uptime_sec ttl_sec live_tokens streams "
            "issued_total checked_total accepted_total refused_total expired_total revoked_total local_hits_total "
            "local_misses_total issue_p95_ms check_p95_ms redis_configured",
            "tokens": "cached_on created_at expires_in_ms id issued_by masked single_use state ttl_sec",
            "answers": "instance verdict status expires_in_ms source latency_ms",
            "cells": "issuer validator state status latency_ms answered_by correlation_id error",
        }
        for name, words in zip(members, (["status"], ["tokens"], ["check", token], ["matrix"]), strict=True):
            self.assertEqual(set(self.ctl(*words, "--json").json[name][0]), set(members[name].split()), words)
        self.assertEqual(set(issued["tokens"][0]), {"sse_token", "expires_in_sec", "instance"})
        self.assertEqual(set(self.ctl("publish", "job.done", "1", "--json").json), {"id", "instance"})
        self.assertEqual(set(self.ctl("revoke", token, "--json").json), {"revoked", "others_pending"})

    def test_wrong_principal(self):
        for words in (["status"], ["issue"], ["tokens"], ["revoke", "--all"]):
            run = self.ctl(*words, "--json", principal="some-other-principal-987654")
            self.assertEqual(run.code, 1, run)
            self.assertIn("principal", run.err)
            document = run.json  # all the same
            if words != ["status"]:
                self.assertTrue(document["error"]["message"].endswith(" refuses the principal"), document)
                self.assertNotIn("the instance", document["error"]["message"])

    def test_issue_and_check_and_revoke(self):
        run = self.ctl("issue", "--ttl", 30, "--json")
        self.assertEqual(run.code, 0, run)
        (token,) = run.json["tokens"]
        self.assertEqual((token["expires_in_sec"], token["instance"]), (30, "a"))
        self.assertEqual(self.a.calls.check(token["sse_token"]).status, 200)

        check = self.ctl("check", token["sse_token"], "--json")
        self.assertEqual((check.code, check.json["valid"]), (0, True))
        (answer,) = check.json["answers"]
        self.assertEqual((answer["instance"], answer["verdict"], answer["status"]), ("a", "accepted", 200))
        self.assertLessEqual(answer["expires_in_ms"], 30_000)

        revoke = self.ctl("revoke", token["sse_token"], "--json")
        self.assertEqual((revoke.code, revoke.json), (0, {"revoked": 1, "others_pending": False}))
        check = self.ctl("check", token["sse_token"], "--json")
        self.assertEqual((check.code, check.json["valid"]), (1, False))
        self.assertEqual(check.json["answers"][0]["verdict"], "refused")
        self.assertEqual(self.ctl("revoke", token["sse_token"]).code, 1)

    def test_check_needs_no_principal(self):
        token = self.a.calls.token()
        self.assertEqual(self.ctl("check", token, principal=None).code, 0)
        self.assertEqual(self.ctl("check", NO_TOKEN, principal=None).code, 1)
        self.assertEqual(self.ctl("check", "not-a-token", principal=None).code, 1)

    def test_issue_prints_values_for_the_shell(self):
        run = self.ctl("issue", "--count", 3)
        tokens = run.out.split()
        self.assertEqual((run.code, len(set(tokens))), (0, 3))
        self.assertTrue(all(self.a.calls.check(token).status == 200 for token in tokens))

    def test_single_use(self):
        token = self.ctl("issue", "--single-use").out.strip()
        self.assertEqual(self.ctl("check", token).code, 0)
        self.assertEqual([self.a.status(f"/operator/api/events/stream?token={token}") for _ in range(2)], [200, 403])
        self.assertEqual(self.ctl("check", token).code, 1)

    def test_impossible_life(self):
        run = self.ctl("issue", "--ttl", 86_400, "--json")
        self.assertEqual((run.code, run.json["tokens"], run.json["error"]["status"]), (1, [], 400))
        self.assertEqual(run.json["error"]["code"], "ttl_out_of_range")
        self.assertIn("answered 400: ttl out of range: at most its --max-ttl", run.err)

    def test_revoke_by_id_and_all(self):
        tokens = [self.a.calls.token() for _ in range(3)]
        self.assertEqual(self.ctl("revoke", "--id", public_id(tokens[0]), "--json").json["revoked"], 1)
        self.assertEqual([self.a.calls.check(token).status for token in tokens], [403, 200, 200])
        run = self.ctl("revoke", "--all", "--json")  # without a terminal nobody is asked
        self.assertEqual(run.code, 0)
        self.assertGreaterEqual(run.json["revoked"], 2)
        self.assertEqual([self.a.calls.check(token).status for token in tokens], [403] * 3)
        self.assertEqual(self.ctl("revoke", "--all").code, 0)  # none is left: what was asked for holds

    def test_tokens(self):
        token = self.a.calls.token(ttl_sec=40)
        run = self.ctl("tokens", "--json")
        self.assertEqual((run.code, run.json["complete"]), (0, True))
        (row,) = [row for row in run.json["tokens"] if row["id"] == public_id(token)]
        self.assertEqual((row["issued_by"], row["state"], row["ttl_sec"]), ("a", "live", 40))
        self.assertEqual(row["cached_on"], ["a"])
        for text in (run.out, self.ctl("tokens").out):
            self.assertIn(row["masked"], text)
            self.assertNotIn(token, text)

    def test_many_tokens(self):
        self.assertEqual(len(self.ctl("issue", "--count", 2500).out.split()), 2500)
        self.assertGreaterEqual(len(self.ctl("tokens", "--json").json["tokens"]), 2500)

    def test_principal_file(self):
        with tempfile.NamedTemporaryFile("w") as file:
            file.write(f"# first\n\n{PRINCIPAL},another-principal-0123456789\n")
            file.flush()
            self.assertEqual(self.ctl("issue", "--principal-file", file.name, principal="wrong").code, 0)

    def test_followed_tokens(self):
        with Follower("tokens", "--follow", on=[self.a]) as follower:
            first = self.a.calls.token()
            follower.until(lambda event: event["id"] == public_id(first))
            token = self.a.calls.token(ttl_sec=1)
            event = follower.until(lambda event: event["id"] == public_id(token))
            self.assertEqual((event["event"], event["issued_by"]), ("issued", "a"))
            follower.until(lambda event: (event["event"], event["id"]) == ("expired", public_id(token)))
            self.a.calls.revoke(token=first)
            follower.until(lambda event: (event["event"], event["id"]) == ("revoked", public_id(first)))
            self.assertEqual(follower.interrupted(), 0)

    def test_reader_that_goes_away(self):
        shell = f'"$VX11_BIN"/vx11ctl --instance {self.a.url} tokens --follow --json | head -1'
        self.a.calls.token()
        environment = {**os.environ, "VX11_OPERATOR_TOKEN": PRINCIPAL}
        with subprocess.Popen(["bash", "-c", shell], env=environment, stdout=subprocess.PIPE, text=True) as process:
            self.assertTrue(json.loads(process.stdout.readline())["id"])
            self.a.calls.token()
            process.wait(limit_s(10))


class SeveralInstances(unittest.TestCase):
    def test_memory_mode(self):
        with fleet(Instance("a"), Instance("b")) as both:
            names = [instance["id"] for instance in ctl("status", "--json", on=both).json["instances"]]
            self.assertEqual(names, ["a", "b"])
            issued = ctl("issue", "--count", 4, "--json", on=both).json["tokens"]
            self.assertEqual(sorted(token["instance"] for token in issued), ["a", "a", "b", "b"])
            # Without a common store each knows its own.
            check = ctl("check", issued[0]["sse_token"], "--json", on=both)
            self.assertEqual((check.code, check.json["valid"]), (1, False))
            verdicts = {answer["instance"]: answer["verdict"] for answer in check.json["answers"]}
            self.assertEqual(sorted(verdicts.values()), ["accepted", "refused"])
            self.assertEqual(ctl("revoke", issued[0]["sse_token"], "--json", on=both).json["revoked"], 1)
            self.assertEqual(len(ctl("tokens", "--json", on=both).json["tokens"]), 3)

    def test_one_is_dead(self):
        with Instance("a") as a:
            status = ctl("status", "--json", on=[a, DEAD])
            states = [instance["state"] for instance in status.json["instances"]]
            self.assertEqual((status.code, states), (0, ["live", "unreachable"]))
            self.assertEqual(ctl("issue", "--count", 3, on=[a, DEAD]).code, 0)
            token = a.calls.token()
            check = ctl("check", token, "--json", on=[a, DEAD])
            self.assertEqual((check.code, check.json["valid"]), (3, None))
            tokens = ctl("tokens", "--json", on=[a, DEAD])
            self.assertEqual((tokens.code, tokens.json["complete"]), (0, False))
            self.assertIn(public_id(token), [row["id"] for row in tokens.json["tokens"]])

    def test_watch(self):
        with fleet(Instance("a"), Instance("b")) as (a, b), Follower("watch", on=[a, b]) as follower:
            for name in ("a", "b"):
                event = follower.until(lambda event, name=name: event["source"] == name)
                self.assertEqual((event["event"], event["state"], event["mode"]), ("instance", "live", "memory"))
            a.calls.token()
            event = follower.until(lambda event: event["event"] == "tokens" and event["new"] > 0)
            self.assertEqual(event["live"], 1)
            b.stop()
            event = follower.until(lambda event: event.get("state") == "unreachable")
            self.assertEqual((event["source"], event["reason"]), ("b", "connection_refused"))
            self.assertEqual(follower.interrupted(), 0)


class PublicCallsOnly(unittest.TestCase):
    """A backend with issue, stream and health, as the Python one is."""

    class Backend(http.server.BaseHTTPRequestHandler):
        def answer(self, status, body, kind="application/json"):
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self):
            if self.path == "/operator/api/health":
                self.answer(200, b'{"status":"ok"}')
            elif self.path.startswith("/operator/api/events/stream?token=good"):
                self.answer(200, b"event: snapshot\ndata: {}\n\n", "text/event-stream")
            else:
                self.answer(403 if "stream" in self.path else 404, b"{}")

        def do_POST(self):
            self.answer(200, b'{"sse_token":"good","expires_in_sec":60}')

        def log_message(self, *_):
            pass

    def test_is_a_full_member(self):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self.Backend)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            url = f"http://127.0.0.1:{server.server_address[1]}"
            (instance,) = ctl("status", "--json", on=[url]).json["instances"]
            self.assertEqual((instance["state"], instance["internal_calls"]), ("live", False))
            self.assertIsNone(instance["live_tokens"])
            self.assertIn(f"{url} answers, but tells nothing of itself", ctl("status", on=[url]).err)
            revoked = ctl("revoke", "--all", "--yes", on=[url])
            self.assertEqual(revoked.code, 1, revoked)
            self.assertIn("has no call to revoke", revoked.err)
            tokens = ctl("tokens", on=[url])
            self.assertEqual(tokens.code, 3, tokens)
            self.assertIn("can't list its tokens", tokens.err)
            with Instance("ours") as ours:
                token = ours.calls.token()
                self.assertEqual(ctl("publish", "news", "1", on=[url, ours]).code, 0)
                both = ctl("revoke", "--all", "--yes", "--json", on=[url, ours])
                self.assertEqual((both.code, both.json["revoked"], ours.calls.check(token).status), (0, 1, 403), both)
                self.assertIn("has no call to revoke", both.err)
            self.assertEqual(ctl("issue", on=[url]).out, "good\n")
            checks = [ctl("check", token, on=[url]) for token in ("good", "bad")]
            self.assertEqual([(run.code, run.err) for run in checks], [(0, ""), (1, "")])
        finally:
            server.shutdown()
            server.server_close()


if __name__ == "__main__":
    proof("commands against one, several, dead, paused and public-only instances")
    finish("vx11ctl")
