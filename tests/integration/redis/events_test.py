#!/usr/bin/env python3
"""Published events reach each stream once and in order, a stream may go on elsewhere; single use is single."""

import collections
import threading
import time
import unittest

from harness import Instance, Redis, Stream, finish, fleet, limit_s, proof, until


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

    def test_single_use_races(self):
        for issuer in self.instances[:2]:  # hybrid, redis
            for _ in range(10):
                token = issuer.calls.token(single_use=True)
                for one in self.instances:
                    self.assertEqual(one.calls.check(token).status, 200, "a look consumes nothing")
                statuses, barrier = [], threading.Barrier(30)

                def race(one, token=token, statuses=statuses, barrier=barrier):
                    barrier.wait()
                    stream = Stream(one.port, token)
                    stream.wait(lambda self: self.events or self.closed_at or self.status != 200)
                    accepted = stream.named("snapshot") != []  # "can't tell" is 200 too, without one
                    statuses.append(stream.status if accepted == (stream.status == 200) else "can't tell")
                    stream.close()

                racers = [threading.Thread(target=race, args=(one,)) for one in self.instances * 10]
                for racer in racers:
                    racer.start()
                for racer in racers:
                    racer.join(20)
                self.assertEqual(collections.Counter(statuses), {200: 1, 403: 29}, f"issued by {issuer.name}")
                for one in self.instances:
                    self.assertEqual(one.calls.check(token).status, 403, "a used token")
        proof("single use: 20 races of 30 opens over 3 instances: 1 accepted in each")


if __name__ == "__main__":
    finish("events")
