// Millions of random operations against a model so simple that it can be read: one ordered map and a clock.
#include <QtTest>
#include <map>
#include <random>
#include <vector>

#include "core/store/table_fixture.h"

using namespace vx11;
using namespace vx11::store;
using namespace std::chrono_literals;
using State = Sight::State;

namespace {

struct ModelToken {
  KnownToken known;
  Instant fresh_until;
  State end = State::fresh;  ///< or used, revoked, gone
};

class Model {
 public:
  using Tokens = std::map<PublicId, ModelToken>;

  [[nodiscard]] static State look(const ModelToken& token, Instant now) {
    if (now >= token.known.expires_at) return State::expired;
    if (token.end != State::fresh) return token.end;
    if (token.known.home == Home::here || token.known.unwritten || now < token.fresh_until) return State::fresh;
    return State::stale;
  }
  State use(ModelToken& token, Instant now) {
    const State state = look(token, now);
    if (state == State::fresh && token.known.single_use && token.known.home == Home::here) {
      token.end = State::used;
      ++stats.used;
    }
    return state;
  }
  bool revoke(ModelToken& token, Instant now) {
    if (now >= token.known.expires_at || token.end == State::revoked || token.end == State::gone) return false;
    token.end = State::revoked;
    token.known.unwritten = false;
    if (token.known.mine) ++stats.revoked;
    --taken;
    return true;
  }
  void learn(const KnownToken& news, Instant fresh_until, Instant now, std::uint64_t max_tokens) {
    const auto found = tokens.find(news.id);
    if (found == tokens.end()) {
      if (taken == max_tokens || now >= news.expires_at) return;
      tokens[news.id] = {news, fresh_until};
      ++taken;
      return;
    }
    ModelToken& token = found->second;
    if (token.end != State::fresh || token.known.home == Home::here) return;
    if (!token.known.mine) token.known.expires_at = news.expires_at;
    if (token.known.mine && now < token.known.expires_at && news.expires_at < token.known.expires_at - 1s) {
      token.known.expires_at = news.expires_at;
    }
    token.known.unwritten = false;
    token.fresh_until = fresh_until;
  }
  void lose(Tokens::iterator found, Instant now) {
    ModelToken& token = found->second;
    if (token.end != State::fresh || token.known.home == Home::here || token.known.unwritten) return;
    if (!token.known.mine) {
      tokens.erase(found);
      --taken;
    } else if (now < token.known.expires_at) {
      token.end = State::gone;
    }
  }
  /// What the wheel has passed is forgotten.
  void tick(Instant now) {
    std::erase_if(tokens, [&](const auto& item) {
      const ModelToken& token = item.second;
      const auto due = (token.known.expires_at.time_since_epoch() + ExpiryWheel::tick - 1ns) / ExpiryWheel::tick;
      if (due > now.time_since_epoch() / ExpiryWheel::tick) return false;
      if (token.end != State::revoked) {
        if (token.known.mine) ++stats.expired;
        --taken;
      }
      return true;
    });
  }
  [[nodiscard]] std::uint64_t active() const { return stats.issued - stats.expired - stats.revoked; }

  Tokens tokens;
  StoreStats stats;
  std::uint64_t taken = 0;  ///< places: one's own that haven't ended, and copies
};

}  // namespace

class TableModelTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void agrees_with_the_model_data();
  void agrees_with_the_model();
};

void TableModelTest::agrees_with_the_model_data() {
  QTest::addColumn<quint64>("seed");
  QTest::addColumn<quint64>("max_tokens");
  QTest::addColumn<int>("operations");
  QTest::newRow("small and often full") << quint64{1} << quint64{50} << 200'000;
  QTest::newRow("medium") << quint64{2} << quint64{300} << 500'000;
  QTest::newRow("never full") << quint64{3} << quint64{1'000'000} << 400'000;
}

void TableModelTest::agrees_with_the_model() {
  QFETCH(quint64, seed);
  QFETCH(quint64, max_tokens);
  QFETCH(int, operations);
  TableFixture f(max_tokens);
  Model model;
  std::mt19937_64 dice(seed);
  const auto below = [&dice](std::size_t n) { return static_cast<std::size_t>(dice() % n); };
  std::vector<KnownToken> pool(700);  // to ask for: living, dead and never issued
  for (KnownToken& one : pool) one = f.table.draw({}, f.clock.wall(), Home::redis);
  std::uint64_t dropped_for_room = 0;

  for (int i = 0; i < operations; ++i) {
    const Instant now = f.clock.now();
    KnownToken& one = pool[below(pool.size())];
    const auto found = model.tokens.find(one.id);
    const bool known = found != model.tokens.end();
    const std::size_t action = below(1000);
    if (action < 200) {
      if (model.taken == max_tokens) {
        f.table.tick(nullptr);
        model.tick(now);
      }
      const bool no_place = model.taken == max_tokens;
      const Home home = below(2) == 0 ? Home::redis : Home::here;
      const bool unwritten = home == Home::redis && below(3) == 0;
      const std::chrono::seconds ttl(1 + below(below(20) == 0 ? 300 : 10));
      const auto made = f.try_issue({ttl, below(3) == 0}, home, unwritten);
      QCOMPARE(!made.has_value(), model.active() == max_tokens);  // whatever copies there are
      if (no_place) {
        const std::uint64_t dropped = std::erase_if(model.tokens, [&](const auto& item) {
          return !item.second.known.mine && f.table.look(item.first).state == State::unknown;
        });
        QCOMPARE(dropped > 0, made.has_value());
        model.taken -= dropped;
        dropped_for_room += dropped;
      }
      if (!made) continue;
      ++model.stats.issued;
      ++model.taken;
      one = *made;
      model.tokens[one.id] = {one, f.fresh_until(one)};
    } else if (action < 350) {
      // Redis says: another's, mostly new, with a life of its own choice.
      if (below(3) == 0) one = f.table.draw({}, f.clock.wall(), Home::redis);
      KnownToken news = known ? found->second.known : one;
      news.mine = false;
      news.unwritten = false;
      news.home = Home::redis;
      news.id = one.id;
      news.key = one.key;
      news.expires_at = now + std::chrono::milliseconds(below(12'000));
      const Instant fresh_until = f.fresh_until(news);
      f.table.learn(news, fresh_until);
      model.learn(news, fresh_until, now, max_tokens);
    } else if (action < 380) {
      f.table.lose(one.id);
      if (known) model.lose(found, now);
    } else if (action < 400) {
      f.table.written(one.id);
      if (known) found->second.known.unwritten = false;
    } else if (action < 900) {
      const bool use = below(2) == 0;
      const Sight sight = use ? f.table.use(one.id) : f.table.look(one.id);
      State expected = State::unknown;
      if (known) expected = use ? model.use(found->second, now) : Model::look(found->second, now);
      QCOMPARE(sight.state, expected);
      if (known) {
        QVERIFY(sight.token.id == one.id);
        QVERIFY(sight.token.key == one.key);
        QVERIFY(sight.token.expires_at == found->second.known.expires_at);
        QCOMPARE(sight.token.mine, found->second.known.mine);
        QCOMPARE(sight.token.unwritten, found->second.known.unwritten);
      }
    } else if (action < 940) {
      QCOMPARE(f.table.revoke(one.id), known && model.revoke(found->second, now));
    } else if (action < 998) {
      f.clock.advance(std::chrono::nanoseconds(below(50'000'000)));
      if (below(500) == 0) f.clock.advance(90s);
      if (below(3) == 0) {
        f.table.tick(nullptr);
        model.tick(f.clock.now());
      }
    } else if (below(100) == 0) {
      const WallTime at = f.clock.wall() - std::chrono::milliseconds(below(3000));
      std::uint64_t ended = 0;
      for (auto& [id, token] : model.tokens) {
        if (token.known.created_at <= at && model.revoke(token, now) && token.known.mine) ++ended;
      }
      QCOMPARE(f.table.revoke_before(at), ended);
    } else {
      const StoreStats stats = f.table.stats();
      QCOMPARE(stats.issued, model.stats.issued);
      QCOMPARE(stats.active, model.active());
      QCOMPARE(stats.expired, model.stats.expired);
      QCOMPARE(stats.revoked, model.stats.revoked);
      QCOMPARE(stats.used, model.stats.used);
      QCOMPARE(stats.cache_entries, model.taken);
      std::size_t unwritten = 0;
      for (const auto& [id, token] : model.tokens) unwritten += token.known.unwritten ? 1 : 0;
      QCOMPARE(f.table.unwritten(), unwritten);
    }
  }
  QVERIFY(model.stats.expired > 0 && model.stats.revoked > 0 && model.stats.used > 0);
  QCOMPARE(dropped_for_room > 0, max_tokens < 1000);
}

QTEST_GUILESS_MAIN(TableModelTest)
#include "table_model_test.moc"
