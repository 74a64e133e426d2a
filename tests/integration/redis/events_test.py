#!/usr/bin/env python3
"""Published events reach each stream once and in order, and a stream may go on elsewhere."""

import time
import unittest

from harness import Instance, Redis, finish, fleet, limit_s, proof, until


class Events(unittest.TestCase):
    EVENTS = 200

    @classmethod
    def setUpClass(cls):
        cls.redis = cls.enterClassContext(Redis())
        made = [Instance(name, cls.redis.url, mode) for name, mode in zip("abc", ("hybrid", "redis", "hybrid"))]
        cls.instances = cls.enterClassContext(fleet(*made))

    def numbers(self, stream):
        return [int(event.data) for event in stream.named("tick")]

    def publish(self, first, last):
        for number in range(first, last):
            answer = self.instances[number % 3].calls.publish("tick", number)
            self.assertEqual(answer.status, 202, answer)

    def test_published_once_everywhere_in_order(self):
        streams = [one.stream(one.calls.token()) for one in self.instances for _ in range(2)]
        for stream in streams:
            self.assertTrue(stream.wait_named("snapshot"))
        self.publish(0, self.EVENTS)
        for stream in streams:
            stream.wait_named("tick", self.EVENTS, limit_s(3))
        time.sleep(0.2)
        for stream in streams:
            self.assertEqual(self.numbers(stream), list(range(self.EVENTS)))
            stream.close()
        self.assertEqual(len({tuple(event.id.rpartition(".")[0] for event in one.named("tick")) for one in streams}), 1)
        proof(f"{self.EVENTS} events published on 3 instances: once each and in one order on {len(streams)} streams")

    def test_resumed_elsewhere(self):
        first, second, third = self.instances
        token = first.calls.token(ttl_sec=2)
        expires = time.monotonic() + 2
        begun = first.stream(token)
        self.publish(0, 20)
        self.assertTrue(begun.wait_named("tick", 20))
        begun.close()
        at = begun.named("tick")[14].id  # as if the last five had been lost on the way
        self.publish(20, 30)
        again = second.stream(token, last_id=at)
        self.assertEqual(again.status, 200)
        self.assertTrue(again.wait_named("tick", 15), self.numbers(again))
        self.publish(30, 35)
        self.assertTrue(again.wait_named("tick", 20))
        self.assertEqual(self.numbers(again), list(range(15, 35)), "a gap or a duplicate")
        again.close()
        time.sleep(max(0.0, expires - time.monotonic()) + 0.2)
        last = again.events[-1].id
        self.publish(35, 40)
        self.assertEqual(third.calls.check(token).status, 403, "the token has expired")
        self.assertEqual(third.stream(token).status, 403, "without its resume part")
        after = third.stream(token, last_id=last)
        self.assertEqual(after.status, 200, "with its resume part, after the token's expiry")
        self.assertTrue(after.wait_named("tick", 5))
        self.assertEqual(self.numbers(after), list(range(35, 40)))
        other = "0e0b6c3a-4a3e-4f0e-9d52-000000000001"
        self.assertEqual(second.stream(other, last_id=last).status, 403, "a resume part is bound to its token")
        second.calls.revoke(token=token)
        self.assertTrue(after.wait_closed(limit_s(0.5)), "a resumed stream ends with its token's revocation")
        until(lambda: third.stream(token, last_id=last).status == 403, 0.5, "no resuming after the revocation")
        proof("resumed on two other instances without gap or duplicate, after the token's expiry too")

    def test_an_id_of_another_epoch(self):
        stream = self.instances[0].stream(self.instances[0].calls.token(), last_id="00000000.1700000000000-0.x")
        self.assertTrue(stream.wait_named("reset"), stream.events)
        stream.close()

    def test_older_than_the_buffer(self):
        """An instance that starts now knows only what Redis still has."""
        first = self.instances[0]
        begun = first.stream(first.calls.token())
        self.publish(0, 30)
        self.assertTrue(begun.wait_named("tick", 30))
        begun.close()
        ids = [event.id for event in begun.named("tick")]
        self.redis.ask("XTRIM", "{vx11:operator}:events", "MAXLEN", "10")
        with fleet(Instance("late", self.redis.url, "hybrid")) as (late,):
            inside = late.stream(first.calls.token(), last_id=ids[25])
            self.assertTrue(inside.wait_named("tick", 4))
            self.assertEqual((self.numbers(inside), inside.named("reset")), ([26, 27, 28, 29], []))
            outside = late.stream(first.calls.token(), last_id=ids[3])
            self.assertTrue(outside.wait_named("reset"), f"a gap that nobody told of: {outside.events}")
            for stream in (inside, outside):
                stream.close()

    def test_flushall(self):
        """The events' stream is another one then: who resumes from before hears of it, and publishing goes on."""
        first, second, _ = self.instances
        stream = first.stream(first.calls.token())
        self.publish(0, 3)
        self.assertTrue(stream.wait_named("tick", 3))
        before = stream.named("tick")[-1].id
        self.redis.ask("FLUSHALL")
        until(lambda: first.calls.publish("after", 1).status == 202, 2, "publishing after FLUSHALL")
        self.assertTrue(stream.wait_named("after", 1, 3), "an open stream hears what is published after FLUSHALL")
        stream.close()
        again = second.stream(second.calls.token(), last_id=before)
        self.assertTrue(again.wait_named("reset", 1, 3), again.events)
        again.close()
        proof("FLUSHALL, another epoch and an id older than the buffer: reset, and publishing goes on")


if __name__ == "__main__":
    finish("events")
