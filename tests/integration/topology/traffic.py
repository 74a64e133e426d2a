"""Everything that clients do, on all instances at once, and what must not have happened meanwhile."""

import collections
import random
import time

from harness import limit_s
from load import Load, Request

PROMISE_S = 0.25  # from a revocation's 200 to its refusal everywhere
FRESH = 600  # so many of the latest tokens are checked: young enough to live


class Traffic:
    """Runs from `with` to its end. Issues, checks of living and of revoked tokens, revocations; each kind to a random
    instance.

    A token that was issued `degraded` is checked on its issuer alone: the others can't know it before Redis is back.
    """

    def __init__(self, instances, rate=150, seed=7):
        self.instances, self.random = instances, random.Random(seed)
        self.shared = collections.deque(maxlen=FRESH)  # tokens that are in Redis
        self.degraded = {}  # token -> its issuer
        self.ended = {}  # token -> when its revocation was sent; what was answered later is judged by `gone`
        self.gone = {}  # token -> since when it must be refused everywhere
        self.cuts = []  # [begin, end] of what the feed didn't survive
        self.load = Load(rate, self.make)

    def __enter__(self):
        self.load.__enter__()
        return self

    def __exit__(self, *failure):
        self.load.__exit__(*failure)
        self.finished = time.monotonic()

    @property
    def history(self) -> list:
        return self.load.history

    def make(self):
        one, dice = self.random.choice(self.instances), self.random.random()
        if dice < 0.25 or not self.shared:
            return Request.issue(one, what=("issue", one.name), done=self.issued)
        if dice < 0.32:
            return self.revocation(one)
        if dice < 0.40 and self.gone:
            token = self.random.choice(list(self.gone))
            return Request.check(one, token, what=("gone", one.name, token))
        if dice < 0.46 and self.degraded:
            token, issuer = self.random.choice(list(self.degraded.items()))
            return Request.check(issuer, token, what=("living", issuer.name, token))
        token = self.random.choice(self.shared)
        return Request.check(one, token, what=("living", one.name, token))

    def issued(self, request, answer):
        if answer.status == 200:
            token = answer.json["sse_token"]
            if answer.json.get("degraded"):
                self.degraded[token] = next(one for one in self.instances if one.name == request.what[1])
            else:
                self.shared.append(token)

    def revocation(self, one):
        token = self.shared[self.random.randrange(len(self.shared))]
        self.shared.remove(token)
        self.ended[token] = time.monotonic()
        return Request(
            one.port,
            "POST",
            "/operator/internal/tokens/revoke",
            one.principal,
            {"token": token},
            ("revoke", one.name, token),
            self.revoked,
        )

    def revoked(self, request, answer):
        if answer.status == 200:
            self.gone[request.what[2]] = answer.received + limit_s(PROMISE_S)

    def feed_cut(self):
        """From now on the feed may not reach everybody, nor may what was told at the last moment."""
        self.cuts.append([time.monotonic() - PROMISE_S, float("inf")])

    def feed_repaired(self):
        self.cuts[-1][1] = time.monotonic()

    # What the history says

    def of(self, kind: str, since=0.0, until=float("inf")) -> list:
        """(request, answer) of a kind, by the moment of sending."""
        return [one for one in self.history if one[0].what[0] == kind and since <= one[1].sent < until]

    def refusals(self) -> list:
        """403 for tokens that live: what must be empty."""
        wrong = [one for one in self.of("living") if one[1].status not in (200, 503)]
        return [one for one in wrong if one[1].received < self.ended.get(one[0].what[2], float("inf"))]

    def accepted(self) -> list:
        """200 for tokens that everybody had to know as revoked: what must be empty."""
        return [one for one in self.of("gone") if one[1].status == 200 and one[1].sent > self.known(one[0].what[2])]

    def known(self, token) -> float:
        """When everybody had to know: 250 ms after the answer; with the feed cut (promise I3), after its repair."""
        since = self.gone[token]
        for begin, end in self.cuts:
            if begin <= since - limit_s(PROMISE_S) < end:
                since = max(since, end + limit_s(PROMISE_S))
        return since

    def first_shared_issue(self, since: float, name=None):
        """When, after `since`, a token was first issued that is in Redis; None: not yet."""
        for request, answer in self.of("issue", since):
            if answer.status == 200 and not answer.json.get("degraded") and name in (None, request.what[1]):
                return answer.received
        return None

    def slowest(self) -> float:
        return max((answer.took for _, answer in self.history), default=0.0)

    def summary(self) -> str:
        checks = [answer.status for _, answer in self.of("living")]
        return (
            f"{len(self.of('issue'))} issues, {len(checks)} checks ({checks.count(503)} can't tell, "
            f"{len(self.refusals())} final refusals of valid tokens), {len(self.gone)} revoked and "
            f"{len(self.of('gone'))} checks of them ({len(self.accepted())} accepted)"
        )
