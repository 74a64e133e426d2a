"""The stream: what it begins with, what keeps it, what ends it, and how one comes back to it."""

import json
import re
import socket
import time

from contract import NO_TOKEN, PRINCIPAL, Contract, Reader, limit_s, only, publish_path, raw, stream_path, until

ID = re.compile(r"^[A-Za-z0-9_-]{1,32}\.[0-9-]+\.[A-Za-z0-9_-]+$")


class Streams(Contract):
    flags = ("--heartbeat", "1")

    def begun(self, token=None, **named):
        stream = self.stream(token, **named)
        self.assertTrue(stream.wait_named("snapshot"), stream.status)
        return stream

    def publish(self, *numbers):
        for number in numbers:
            self.assertEqual(self.one.calls.publish("number", number).status, 202)

    def numbers(self, stream) -> list:
        return [int(event.data) for event in stream.named("number")]

    def test_retry(self):
        self.assertEqual(self.begun(self.one.calls.token()).retry, 10_000)

    def test_snapshot(self):
        (event,) = self.begun().named("snapshot")
        data = json.loads(event.data)
        self.assertEqual((data["instance_id"], data["mode"]), ("a", "memory"))
        self.assertAlmostEqual(data["server_time"], time.time(), delta=limit_s(30))
        self.assertTrue(data["correlation_id"])

    def test_heartbeat(self):
        stream = self.begun()
        self.assertTrue(stream.wait_named("heartbeat", 3, limit_s(10)))

    def test_heartbeats_are_spread(self):
        """Not all at once: of many streams they come all through the second."""
        streams = [self.begun() for _ in range(20)]
        self.assertTrue(all(stream.wait_named("heartbeat") for stream in streams))
        moments = [stream.named("heartbeat")[0].at % 1.0 for stream in streams]
        self.assertGreater(len({int(moment * 10) for moment in moments}), 3, moments)

    def test_no_buffering(self):
        self.assertEqual(self.begun().headers["x-accel-buffering"], "no")

    def test_outlives_its_token(self):
        token = self.one.calls.token(ttl_sec=1)
        stream = self.begun(token)
        until(lambda: self.one.calls.check(token).status == 403, 5, "the token's end")
        self.publish(1)
        self.assertTrue(stream.wait_named("number"))

    def test_ends_with_its_tokens_revocation(self):
        token = self.one.calls.token()
        stream, other = self.begun(token), self.begun(self.one.calls.token())
        self.one.calls.revoke(token=token)
        self.assertTrue(stream.wait_named("revoked") and stream.wait_closed())
        self.publish(1)
        self.assertTrue(other.wait_named("number"), "and no other with it")

    def test_slow_reader(self):
        """One that doesn't read is cut off and counted, and delays nobody."""
        cut = self.one.calls.internal("cache-stats")["streams"]["slow_readers_total"]
        slow = socket.socket()
        self.addCleanup(slow.close)
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.connect(("127.0.0.1", self.one.port))
        slow.sendall(f"GET {stream_path} HTTP/1.1\r\nHost: a\r\nX-VX11-Token: {PRINCIPAL}\r\n\r\n".encode())
        other = self.begun()
        sent = 0

        def is_cut() -> bool:
            nonlocal sent
            self.assertEqual(self.one.calls.publish("big", "x" * 60_000).status, 202)
            sent += 1
            return self.one.calls.internal("cache-stats")["streams"]["slow_readers_total"] > cut

        until(is_cut, 20, "its end")
        self.assertTrue(other.wait_named("big", sent))

    def test_ids(self):
        stream = self.begun(self.one.calls.token())
        self.publish(1)
        self.assertTrue(stream.wait_named("number"))
        first, number = stream.events[0].id, stream.named("number")[0].id
        self.assertRegex(number, ID)
        self.assertEqual(first.split(".")[0], number.split(".")[0], "one epoch")
        heartbeats = len(stream.named("heartbeat"))
        self.assertTrue(stream.wait_named("heartbeat", heartbeats + 1))
        self.assertEqual(stream.named("heartbeat")[-1].id.split(".")[:2], number.split(".")[:2])

    def test_replay(self):
        stream = self.begun(self.one.calls.token())
        self.publish(1, 2, 3)
        self.assertTrue(stream.wait_named("number", 3))
        stream.close()
        self.publish(4)
        again = self.begun(self.one.calls.token(), last_id=stream.named("number")[0].id)
        self.assertTrue(again.wait_named("number", 3))
        self.publish(5)
        self.assertTrue(again.wait_named("number", 4))
        self.assertEqual((self.numbers(again), again.named("reset")), ([2, 3, 4, 5], []))

    def test_reset(self):
        for strange in ("00000000.5", "x", "0000.1.abc"):
            self.assertTrue(self.begun(self.one.calls.token(), last_id=strange).wait_named("reset"), strange)

    def test_reset_of_an_old_id(self):
        """Older than what is kept: ten thousand events."""
        stream = self.begun(self.one.calls.token())
        self.publish(1)
        self.assertTrue(stream.wait_named("number"))
        old = stream.named("number")[0].id
        stream.close()
        head = f"POST {publish_path} HTTP/1.1\r\nHost: a\r\nX-VX11-Token: {PRINCIPAL}\r\nContent-Length: 17\r\n\r\n"
        for _ in range(101):
            answers = raw(self.one.port, (head + '{"event":"quick"}') * 100, 100)
            self.assertEqual({answer.status for answer in answers}, {202})
        again = self.begun(self.one.calls.token(), last_id=old)
        self.assertTrue(again.wait_named("reset"))
        self.assertEqual(again.named("quick"), [], "a gap isn't passed over in silence")

    def resumed(self, token: str, one):
        """Over, it opens nothing without its resume part; with it, it goes on where it was; another's is none."""
        last = one.events[-1].id
        until(lambda: self.one.calls.check(token).status == 403, 5, "the token's end")
        self.assertEqual(self.stream(token).status, 403)
        self.publish(2)
        again = self.begun(token, last_id=last)
        self.assertTrue(again.wait_named("number"))
        self.assertEqual(self.numbers(again)[-1], 2)
        self.assertEqual(self.stream(NO_TOKEN, last_id=last).status, 403, "bound to its token")
        self.one.calls.revoke(token=token)
        until(lambda: self.stream(token, last_id=last).status == 403, 5, "its end with the revocation")

    def test_resume_after_expiry(self):
        token = self.one.calls.token(ttl_sec=1)
        self.resumed(token, self.begun(token))

    def test_resume_after_use(self):
        token = self.one.calls.token(single_use=True)
        self.resumed(token, self.begun(token))

    def test_stream_max_age(self):
        with only("--stream-max-age", "2") as one:
            begun = time.monotonic()
            stream = self.begun(of=one)
            self.assertTrue(stream.wait_closed(limit_s(10)))
            self.assertTrue(1.5 < time.monotonic() - begun < limit_s(4))
            self.assertLess(stream.retry, 10_000, "its client is to come back soon")

    def test_drain(self):
        with only("--stop-timeout", "5") as one:
            stream = self.begun(of=one)
            one.terminate()
            self.assertTrue(stream.wait_named("drain") and stream.wait_closed())
            self.assertLess(stream.retry, 10_000)

    def test_put_off_while_draining(self):
        with only("--stop-timeout", "5") as one:
            token = one.calls.token()
            self.assertEqual(one.calls.ask("POST", "/operator/internal/drain").status, 202)
            for given in (token, NO_TOKEN):
                self.passes(self.stream(given, of=one))

    def test_put_off_without_redis(self):
        """Nobody can tell: the token may be another instance's."""
        with only(redis="redis://127.0.0.1:1/0", mode="hybrid", healthy=False) as one:
            waits = {self.passes(self.stream(NO_TOKEN, of=one)) for _ in range(5)}
            self.assertGreater(len(waits), 1, "they are not all to come back at once")
            answer = one.calls.ask("HEAD", f"{stream_path}?token={NO_TOKEN}", principal=False)
            self.assertEqual(answer.status, 200)

    def test_put_off_while_starting(self):
        """Its port isn't open before it serves, so that a balancer looks elsewhere; what is known then is whole."""
        with only(redis="redis://127.0.0.1:1/0", mode="redis", healthy=False) as one:
            ready = one.calls.ready()
            self.assertEqual((ready.status, ready.json["status"]), (503, "store_unavailable"))
            self.passes(self.stream(NO_TOKEN, of=one))

    def test_final_refusal(self):
        self.assertEqual(self.stream(NO_TOKEN).status, 403)
        self.assertEqual(self.stream("nonsense").status, 403)

    def test_curl_and_others(self):
        """A client that says no more than it must."""
        with Reader(self.one.port, stream_path) as reader:
            reader.until(b"event: heartbeat")
        answer = raw(self.one.port, f"HEAD {stream_path}?token={self.one.calls.token()} HTTP/1.0\r\n\r\n")
        self.assertEqual(answer[0].status, 200)
