#include <QSignalSpy>
#include <QTest>
#include <map>
#include <random>
#include <set>

#include "cluster/token_book.h"
#include "token/token_id.h"

using namespace vx11::cluster;

namespace {

TokenId idOf(quint32 seed) {
  TokenId id;
  std::memcpy(id.bytes.data(), &seed, sizeof seed);
  id.bytes[15] = 9;
  return id;
}
wire::ListedToken listed(quint32 seed, qint64 expiresInMs = 60'000, qint64 createdAt = 0) {
  wire::ListedToken token;
  token.id = idOf(seed);
  token.maskedUtf8[0] = 'm';
  token.createdAtMs = createdAt;
  token.ttlMs = 60'000;
  token.expiresInMs = expiresInMs;
  token.issuedBy = QStringLiteral("a");
  token.cachedHere = true;
  return token;
}

/// What a view holds after all batches.
struct View {
  std::map<TokenId, TokenRow> rows;
  int batches = 0;
  void apply(const TokenBatch& batch) {
    ++batches;
    if (batch.reset) rows.clear();
    for (const auto& row : batch.added) QVERIFY(rows.emplace(row.id, row).second);
    for (const auto& row : batch.changed) {
      QVERIFY(rows.count(row.id) == 1);
      rows[row.id] = row;
    }
    for (const auto& id : batch.gone) QVERIFY(rows.erase(id) == 1);
  }
};
bool sameRow(const TokenRow& a, const TokenRow& b) {
  return a.id == b.id && a.state == b.state && a.expiresAt == b.expiresAt && a.cachedOn == b.cachedOn &&
         a.own == b.own && a.issuer == b.issuer && a.maskedUtf8 == b.maskedUtf8;
}

}  // namespace

class TokenBookTest : public QObject {
  Q_OBJECT
  qint64 now_ = 1'000'000;
  std::unique_ptr<TokenBook> book_;
  View view_;

  void pass(qint64 ms) {
    now_ += ms;
    book_->tick();
  }
  TokenState stateOf(quint32 seed) { return book_->find(idOf(seed))->state; }

 private Q_SLOTS:
  void init() {
    now_ = 1'000'000;
    book_ = std::make_unique<TokenBook>([this] { return now_; });
    view_ = {};
    connect(book_.get(), &Tokens::changed, this, [this](const TokenBatch& batch) { view_.apply(batch); });
  }

  void startsEmptyAndSilent() {
    QCOMPARE(book_->count(), 0);
    QCOMPARE(book_->updatedAt(), -1);
    pass(10'000);
    QCOMPARE(view_.batches, 0);
  }

  void batchesAtMostFourASecond() {
    for (quint32 i = 0; i < 1000; ++i) {
      book_->issued(0, {listed(i)});
      pass(2);
    }
    QVERIFY2(view_.batches >= 7 && view_.batches <= 9, qPrintable(QString::number(view_.batches)));
    pass(250);
    QCOMPARE(view_.rows.size(), 1000U);
    QCOMPARE(book_->liveCount(), 1000);
  }

  void expiresByTheConsoleClock() {
    book_->issued(0, {listed(1, 1000), listed(2, 3000)});
    pass(300);
    QCOMPARE(view_.rows.size(), 2U);
    QCOMPARE(view_.rows[idOf(1)].expiresAt, 1'001'000);
    pass(699);
    QVERIFY(book_->find(idOf(1)));
    pass(251);
    QVERIFY(!book_->find(idOf(1)));
    QCOMPARE(view_.rows.size(), 1U);
    QCOMPARE(book_->liveCount(), 1);
  }

  void aMachineThatSleptHasExpiredThemAll() {
    for (quint32 i = 0; i < 100; ++i) book_->issued(0, {listed(i, 1000 + i * 500)});
    pass(300);
    pass(90'000);
    QCOMPARE(book_->count(), 0);
    pass(250);
    QVERIFY(view_.rows.empty());
  }

  void deadRowsChangeFirstAndGoTogether() {
    book_->issued(0, {listed(1), listed(2), listed(3)});
    pass(300);
    book_->revoked(0, {idOf(1)});
    book_->usedUp({idOf(2)});
    pass(300);
    QCOMPARE(view_.rows[idOf(1)].state, TokenState::Revoked);
    QCOMPARE(view_.rows[idOf(2)].state, TokenState::Used);
    QCOMPARE(view_.rows[idOf(1)].expiresAt, 1'060'000);
    QCOMPARE(book_->liveCount(), 1);
    QCOMPARE(book_->count(), 3);
    book_->expired({idOf(1)});  // the service forgets it; the operator may still read it
    pass(4500);
    QCOMPARE(view_.rows.size(), 3U);
    pass(700);
    QCOMPARE(view_.rows.size(), 1U);
  }

  void deathIsFinal() {
    book_->issued(0, {listed(1)});
    book_->revoked(0, {idOf(1)});
    book_->issued(0, {listed(1)});
    QCOMPARE(stateOf(1), TokenState::Revoked);
    QCOMPARE(book_->liveCount(), 0);
  }

  void aPageOlderThanTheNewsDoesNotRevive() {
    book_->walkBegan(0);
    book_->revoked(0, {idOf(1)});
    book_->listed(0, {listed(1)});
    QCOMPARE(stateOf(1), TokenState::Revoked);
    book_->walkEnded(0);
    book_->listed(0, {listed(2)});
    QCOMPARE(stateOf(2), TokenState::Live);
  }

  void theWalkDropsWhatNobodyConfirmed() {
    book_->issued(0, {listed(1), listed(2), listed(3)});
    book_->walkBegan(0);
    QVERIFY(!book_->complete());
    book_->listed(0, {listed(1)});
    book_->issued(0, {listed(4)});
    book_->walkEnded(0);
    QVERIFY(book_->complete());
    QVERIFY(book_->find(idOf(1)) && book_->find(idOf(4)));
    QVERIFY(!book_->find(idOf(2)) && !book_->find(idOf(3)));
  }

  void aRowLivesWhileOneInstanceHoldsIt() {
    book_->issued(0, {listed(1)});
    book_->issued(1, {listed(1)});
    QCOMPARE(book_->find(idOf(1))->cachedOn, 3U);
    book_->walkBegan(0);
    book_->walkEnded(0);
    QCOMPARE(book_->find(idOf(1))->cachedOn, 2U);
    book_->walkBegan(1);
    book_->walkEnded(1);
    QVERIFY(!book_->find(idOf(1)));
  }

  /// Hybrid mode: each of three lists what all have issued.
  void aTokenOfThreeListsIsOneRow() {
    const auto tellAll = [this](int slot) {
      book_->walkBegan(slot);
      std::vector<wire::ListedToken> page;
      for (quint32 seed = 0; seed < 6; ++seed) {
        page.push_back(listed(seed));
        page.back().issuedBy = QString(QChar(u'a' + static_cast<char16_t>(seed % 3)));
        page.back().cachedHere = static_cast<int>(seed % 3) == slot;
      }
      book_->listed(slot, page);
      book_->walkEnded(slot);
    };
    for (int slot = 0; slot < 3; ++slot) {
      tellAll(slot);
      pass(300);
    }
    QCOMPARE(book_->count(), 6);
    QCOMPARE(book_->liveCount(), 6);
    QCOMPARE(view_.rows.size(), 6U);
    for (quint32 seed = 0; seed < 6; ++seed) {
      const TokenRow row = *book_->find(idOf(seed));
      QCOMPARE(row.cachedOn, 1U << (seed % 3));
      QCOMPARE(book_->issuerName(row.issuer), QString(QChar(u'a' + static_cast<char16_t>(seed % 3))));
      QCOMPARE(book_->holders(idOf(seed)), 7U);
    }
    // b accepts one of a's, and holds a copy until its next list says otherwise.
    book_->cached(1, {idOf(0)});
    pass(300);
    QCOMPARE(view_.rows[idOf(0)].cachedOn, 3U);
    tellAll(1);
    QCOMPARE(book_->find(idOf(0))->cachedOn, 1U);
    // a goes back to memory mode and lists two of six: the others' are not gone.
    book_->walkBegan(0);
    book_->listed(0, {listed(0), listed(3)});
    book_->walkEnded(0);
    QCOMPARE(book_->count(), 6);
    QCOMPARE(book_->holders(idOf(1)), 6U);
    QCOMPARE(book_->holders(idOf(0)), 7U);
    // One that is revoked is revoked once, whoever tells it.
    for (int slot = 0; slot < 3; ++slot) book_->revoked(slot, {idOf(4)});
    QCOMPARE(book_->liveCount(), 5);
    pass(300);
    QCOMPARE(view_.rows[idOf(4)].state, TokenState::Revoked);
    QCOMPARE(view_.rows[idOf(4)].cachedOn, 0U);
  }

  void oneThatKnowsNoIssuerOrCacheTakesNothingAway() {
    book_->issued(0, {listed(1)});
    auto foreign = listed(1);
    foreign.issuedBy.clear();
    foreign.cachedHere.reset();
    book_->issued(1, {foreign});
    const TokenRow row = *book_->find(idOf(1));
    QCOMPARE(book_->issuerName(row.issuer), QStringLiteral("a"));
    QVERIFY(row.cachedKnown);
    QCOMPARE(row.cachedOn, 1U);
    foreign.id = idOf(2);
    book_->issued(1, {foreign});
    QVERIFY(!book_->find(idOf(2))->cachedKnown);
    QCOMPARE(book_->find(idOf(2))->issuer, std::int16_t{-1});
  }

  void revokeAllIsOfOneInstance() {
    book_->issued(0, {listed(1, 58'000), listed(2, 59'000), listed(3, 59'500)});
    book_->issued(1, {listed(4, 58'000)});
    book_->revokedAll(0, 1000);
    QCOMPARE(stateOf(1), TokenState::Revoked);
    QCOMPARE(stateOf(2), TokenState::Revoked);
    QCOMPARE(stateOf(3), TokenState::Live);  // younger: a walk will tell
    QCOMPARE(stateOf(4), TokenState::Live);
    QCOMPARE(book_->holders(idOf(1)), 1U);
    QCOMPARE(book_->holders(idOf(4)), 2U);
    QCOMPARE(book_->holders(idOf(5)), 0U);
  }

  void ownValuesLiveAsLongAsTheToken() {
    const vx11::TokenText text("3f9a0000-0000-4000-8000-00000000c21e");
    TokenId id;
    id.bytes = vx11::PublicId::of(text.reveal()).bytes;
    book_->addOwn(0, QStringLiteral("a"), text, 60'000, 60'000, 5, false);
    QCOMPARE(book_->find(id)->masked(), QStringLiteral("3f9a\u2026c21e"));
    QVERIFY(book_->find(id)->own);
    QCOMPARE(book_->issuerName(book_->find(id)->issuer), QStringLiteral("a"));
    QCOMPARE(book_->value(id)->reveal(), text.reveal());
    book_->revoked(0, {id});
    QVERIFY(!book_->value(id));
    book_->addOwn(0, QStringLiteral("a"), text, 60'000, 60'000, 5, false);
    QVERIFY(!book_->value(id));
    init();
    book_->addOwn(0, QStringLiteral("a"), text, 1000, 1000, 5, true);
    pass(1250);
    QVERIFY(!book_->value(id) && !book_->find(id));
  }

  void theWatchMayTellOfOursFirst() {
    const vx11::TokenText text("3f9a0000-0000-4000-8000-00000000c21e");
    auto told = listed(0, 59'000, 77);
    told.id.bytes = vx11::PublicId::of(text.reveal()).bytes;
    book_->issued(0, {told});
    book_->addOwn(0, QStringLiteral("a"), text, 60'000, 60'000, 5, false);
    QCOMPARE(book_->count(), 1);
    QVERIFY(book_->find(told.id)->own);
    QCOMPARE(book_->find(told.id)->createdAt, 77);
    QCOMPARE(book_->find(told.id)->expiresAt, now_ + 59'000);
  }

  void silentWhileInactiveThenAllAtOnce() {
    book_->issued(0, {listed(1), listed(2)});
    pass(300);
    const int before = view_.batches;
    book_->setActive(false);
    book_->issued(0, {listed(3), listed(4, 1000)});
    book_->revoked(0, {idOf(1)});
    pass(10'000);
    QCOMPARE(view_.batches, before);
    QCOMPARE(book_->count(), 2);
    book_->setActive(true);
    pass(250);
    QCOMPARE(view_.batches, before + 1);
    QCOMPARE(view_.rows.size(), 2U);
    book_->issued(0, {listed(5)});
    pass(250);
    QCOMPARE(view_.rows.size(), 3U);
  }

  void comesAndGoesWithinOneBatchUnseen() {
    book_->issued(0, {listed(1)});
    book_->expired({idOf(1)});
    pass(300);
    QVERIFY(view_.rows.empty());
    book_->issued(0, {listed(2)});
    pass(300);
    book_->expired({idOf(2)});
    book_->issued(0, {listed(2)});
    pass(300);
    QCOMPARE(view_.rows.size(), 1U);
  }

  void newestFirst() {
    for (quint32 i = 0; i < 100; ++i) book_->issued(0, {listed(i, 60'000, i * 10)});
    const auto rows = book_->newest(3);
    QCOMPARE(rows.size(), 3);
    QCOMPARE(rows[0].id, idOf(99));
    QCOMPARE(rows[2].id, idOf(97));
    QCOMPARE(book_->newest(1000).size(), 100);
    QVERIFY(book_->newest(0).isEmpty());
  }

  /// Against a reference that keeps plain sets: random news of three instances, with walks that lose rows.
  void againstAReference_data() {
    QTest::addColumn<int>("seed");
    for (int seed = 1; seed <= 30; ++seed) QTest::addRow("%d", seed) << seed;
  }
  void againstAReference() {
    QFETCH(int, seed);
    std::mt19937 random(static_cast<unsigned>(seed));
    struct Known {
      std::set<int> holders, unseen;
      qint64 expiresAt = 0, goneAt = 0;
      bool dead = false;
    };
    std::map<quint32, Known> reference;
    std::array<std::set<quint32>, 3> graves;
    std::array<bool, 3> walking{};
    const auto below = [&](unsigned n) { return static_cast<quint32>(random() % n); };
    const auto expire = [&] {
      std::erase_if(reference, [&](const auto& item) { return (item.second.goneAt + 249) / 250 * 250 <= now_; });
    };
    for (int step = 0; step < 3000; ++step) {
      const int slot = static_cast<int>(below(3));
      const auto place = static_cast<std::size_t>(slot);
      const quint32 id = below(60);
      const auto found = reference.find(id);
      switch (below(10)) {
        case 0: case 1: case 2: case 3: {
          const qint64 life = 200 + below(30'000);
          book_->issued(slot, {listed(id, life)});
          Known& known = reference[id];
          if (known.holders.empty()) known = {{}, {}, now_ + life, now_ + life, false};
          known.holders.insert(slot);
          known.unseen.erase(slot);
          if (!known.dead && now_ + life + 50 < known.expiresAt) known.expiresAt = known.goneAt = now_ + life;
          if (!known.dead && graves[place].count(id) > 0 && found == reference.end()) {
            known.dead = true;
            known.goneAt = now_ + 5000;
          }
          break;
        }
        case 4:
          book_->revoked(slot, {idOf(id)});
          if (found == reference.end()) {
            if (walking[place]) graves[place].insert(id);
          } else if (!found->second.dead) {
            found->second.dead = true;
            found->second.goneAt = now_ + 5000;
          }
          break;
        case 5:
          book_->expired({idOf(id)});
          if (found != reference.end() && !found->second.dead) reference.erase(found);
          break;
        case 6:
          book_->walkBegan(slot);
          walking[place] = true;
          for (auto& [key, known] : reference) {
            known.unseen.erase(slot);
            if (known.holders.count(slot) > 0) known.unseen.insert(slot);
          }
          break;
        case 7:
          if (!walking[place]) break;
          book_->walkEnded(slot);
          walking[place] = false;
          graves[place].clear();
          for (auto& [key, known] : reference) {
            if (!known.dead && known.unseen.erase(slot) > 0) known.holders.erase(slot);
          }
          std::erase_if(reference, [](const auto& item) { return item.second.holders.empty(); });
          break;
        default:
          now_ += below(700);
          book_->tick();
          expire();
          if (below(50) == 0) {
            book_->setActive(false);
            book_->setActive(true);
          }
      }
      if (step % 50 != 49) continue;
      now_ += 250;
      book_->tick();
      expire();
      now_ += 250;
      book_->tick();
      expire();
      QCOMPARE(static_cast<std::size_t>(book_->count()), reference.size());
      QCOMPARE(view_.rows.size(), reference.size());
      qsizetype live = 0;
      for (const auto& [key, known] : reference) {
        const auto row = book_->find(idOf(key));
        QVERIFY(row);
        QCOMPARE(row->state != TokenState::Live, known.dead);
        QCOMPARE(row->expiresAt, known.expiresAt);
        QVERIFY(sameRow(*row, view_.rows.at(idOf(key))));
        live += known.dead ? 0 : 1;
      }
      QCOMPARE(book_->liveCount(), live);
      const QList<IssuerCount> all{{QStringLiteral("a"), live}};
      QCOMPARE(book_->liveByIssuer(), live > 0 ? all : QList<IssuerCount>());
    }
  }

  void countsTheLiveOnesOfEachIssuer() {
    const auto by = [](quint32 seed, const QString& issuer, qint64 expiresInMs = 60'000) {
      wire::ListedToken token = listed(seed, expiresInMs);
      token.issuedBy = issuer;
      return token;
    };
    const auto counts = [this] {
      std::map<QString, qsizetype> live;
      for (const IssuerCount& issuer : book_->liveByIssuer()) live[issuer.issuer] = issuer.live;
      return live;
    };
    using Counts = std::map<QString, qsizetype>;
    const QString a(QStringLiteral("a")), py(QStringLiteral("py-1")), nameless;
    book_->issued(0, {by(1, a), by(2, a), by(3, py), by(4, py, 1000), by(5, nameless), by(6, nameless)});
    book_->issued(1, {by(1, a), by(3, py)});  // another instance lists them too: still one each
    QCOMPARE(counts(), (Counts{{a, 2}, {py, 2}, {nameless, 2}}));
    book_->issued(1, {by(5, py)});  // who issued it is told later
    QCOMPARE(counts(), (Counts{{a, 2}, {py, 3}, {nameless, 1}}));
    book_->issued(0, {by(5, nameless)});  // and isn't forgotten for one who doesn't know
    QCOMPARE(counts(), (Counts{{a, 2}, {py, 3}, {nameless, 1}}));
    book_->revoked(0, {idOf(1), idOf(1)});
    book_->usedUp({idOf(6)});
    book_->expired({idOf(2)});
    QCOMPARE(counts(), (Counts{{py, 3}}));
    pass(1250);
    QCOMPARE(counts(), (Counts{{py, 2}}));
  }

  void aHundredThousandRows() {
    std::vector<wire::ListedToken> page;
    for (quint32 i = 0; i < 100'000; ++i) {
      page.push_back(listed(i, 30'000 + i % 30'000));
      if (page.size() == 1000) book_->listed(0, std::exchange(page, {}));
    }
    pass(250);
    QCOMPARE(view_.rows.size(), 100'000U);
    for (int i = 0; i < 120; ++i) pass(250);
    QVERIFY(book_->count() > 98'000);
    for (int i = 0; i < 124; ++i) pass(250);
    QCOMPARE(book_->count(), 0);
    QVERIFY(view_.rows.empty());
  }
};

QTEST_GUILESS_MAIN(TokenBookTest)
#include "token_book_test.moc"
