// Millions of random operations against a model so simple that it can be read: one ordered map and a clock.
#include <QtTest>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "core/store/table_fixture.h"

using namespace vx11;
using namespace vx11::store;
using namespace std::chrono_literals;

namespace {

struct ModelToken {
  enum class End { none, used, revoked } end = End::none;
  PublicId id;
  Instant expires_at;
  bool single_use = false;
};

class Model {
 public:
  Reason check(ModelToken& token, Instant now, Purpose purpose) {
    if (now >= token.expires_at) return Reason::expired;
    if (token.end == ModelToken::End::revoked) return Reason::revoked;
    if (token.end == ModelToken::End::used) return Reason::used;
    if (token.single_use && purpose == Purpose::open) {
      token.end = ModelToken::End::used;
      ++stats.used;
    }
    return Reason::none;
  }
  bool revoke(ModelToken& token, Instant now) {
    if (now >= token.expires_at || token.end == ModelToken::End::revoked) return false;
    token.end = ModelToken::End::revoked;
    ++stats.revoked;
    --stats.active;
    return true;
  }
  /// What the wheel has passed is forgotten.
  void tick(Instant now) {
    std::erase_if(tokens, [&](const auto& item) {
      const auto due = (item.second.expires_at.time_since_epoch() + ExpiryWheel::tick - 1ns) / ExpiryWheel::tick;
      if (due > now.time_since_epoch() / ExpiryWheel::tick) return false;
      if (item.second.end != ModelToken::End::revoked) {
        ++stats.expired;
        --stats.active;
      }
      return true;
    });
  }

  std::map<std::string, ModelToken> tokens;
  StoreStats stats;
};

}  // namespace

class MemoryModelTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void agrees_with_the_model_data();
  void agrees_with_the_model();
};

void MemoryModelTest::agrees_with_the_model_data() {
  QTest::addColumn<quint64>("seed");
  QTest::addColumn<quint64>("max_tokens");
  QTest::addColumn<int>("operations");
  QTest::newRow("small and often full") << quint64{1} << quint64{50} << 300'000;
  QTest::newRow("medium") << quint64{2} << quint64{1000} << 1'000'000;
  QTest::newRow("never full") << quint64{3} << quint64{1'000'000} << 1'000'000;
}

void MemoryModelTest::agrees_with_the_model() {
  QFETCH(quint64, seed);
  QFETCH(quint64, max_tokens);
  QFETCH(int, operations);
  TableFixture f(max_tokens);
  Model model;
  std::mt19937_64 dice(seed);
  const auto below = [&dice](std::size_t n) { return static_cast<std::size_t>(dice() % n); };
  std::vector<std::string> pool(700);  // texts to ask for: living, dead and never issued
  for (std::string& text : pool) text = Uuid::generate(f.random).text().reveal();

  for (int i = 0; i < operations; ++i) {
    const Instant now = f.clock.now();
    std::string& text = pool[below(pool.size())];
    const auto known = model.tokens.find(text);
    const std::size_t action = below(1000);
    if (action < 250) {
      if (model.stats.active == max_tokens) {
        f.table.tick(nullptr);
        model.tick(now);
      }
      const bool single_use = below(3) == 0;
      const std::chrono::seconds ttl(1 + below(below(20) == 0 ? 300 : 10));
      const IssueResult issued = f.table.issue({ttl, single_use});
      QCOMPARE(issued.status, model.stats.active == max_tokens ? IssueStatus::full : IssueStatus::issued);
      if (issued.status != IssueStatus::issued) continue;
      ++model.stats.issued;
      ++model.stats.active;
      text = issued.token.reveal();
      const bool fresh =
          model.tokens.emplace(text, ModelToken{ModelToken::End::none, issued.id, now + ttl, single_use}).second;
      QVERIFY(fresh);
    } else if (action < 900) {
      const Purpose purpose = below(2) == 0 ? Purpose::look : Purpose::open;
      const CheckResult check = f.table.check(text, purpose);
      const Reason expected = known == model.tokens.end() ? Reason::unknown : model.check(known->second, now, purpose);
      QCOMPARE(check.reason, expected);
      QCOMPARE(check.verdict, expected == Reason::none ? Verdict::valid : Verdict::invalid);
      if (expected == Reason::none) QVERIFY(check.expires_at == known->second.expires_at);
    } else if (action < 940) {
      const bool by_id = below(20) == 0;
      const bool live = known != model.tokens.end() && model.revoke(known->second, now);
      const RevokeTarget target = by_id ? RevokeTarget(PublicId::of(text)) : RevokeTarget(TokenText(text));
      QCOMPARE(f.table.revoke(target, nullptr).revoked, std::uint64_t{live});
    } else if (action < 999) {
      f.clock.advance(std::chrono::nanoseconds(below(50'000'000)));
      if (below(500) == 0) f.clock.advance(90s);
      if (below(3) == 0) {
        f.table.tick(nullptr);
        model.tick(f.clock.now());
      }
    } else if (below(100) == 0) {
      std::uint64_t live = 0;
      for (auto& [key, token] : model.tokens) live += model.revoke(token, now) ? 1 : 0;
      QCOMPARE(f.table.revoke(RevokeAll{}, nullptr).revoked, live);
    } else {
      const StoreStats stats = f.table.stats();
      QCOMPARE(stats.issued, model.stats.issued);
      QCOMPARE(stats.active, model.stats.active);
      QCOMPARE(stats.expired, model.stats.expired);
      QCOMPARE(stats.revoked, model.stats.revoked);
      QCOMPARE(stats.used, model.stats.used);
      QVERIFY(f.adds_up());
    }
  }
  QVERIFY(model.stats.expired > 0 && model.stats.revoked > 0 && model.stats.used > 0);
}

QTEST_GUILESS_MAIN(MemoryModelTest)
#include "memory_model_test.moc"
