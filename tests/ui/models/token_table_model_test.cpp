#include "models/token_table_model.h"

#include <QAbstractItemModelTester>
#include <QCryptographicHash>
#include <QItemSelectionModel>
#include <QRandomGenerator>
#include <QSignalSpy>
#include <QTest>
#include <bit>
#include <map>

#include "core/cluster/fake_cluster.h"

using namespace vx11::ui;
using vx11::cluster::TokenBatch;
using vx11::cluster::TokenId;
using vx11::cluster::TokenRow;
using vx11::cluster::TokenState;
using vx11::cluster::testing::makeRow;

namespace {

const QStringList issuerNames{QStringLiteral("fra-2"), QStringLiteral("fra-1"), QStringLiteral("py-1")};

/// The table as a person would do it: all rows in a map, sorted and filtered from the start each time.
struct Reference {
  std::map<TokenId, TokenRow> rows;

  void apply(const TokenBatch& batch) {
    if (batch.reset) rows.clear();
    for (const auto& row : batch.added) rows.insert_or_assign(row.id, row);
    for (const auto& row : batch.changed) rows.insert_or_assign(row.id, row);
    for (const auto& id : batch.gone) rows.erase(id);
  }
  [[nodiscard]] QSet<TokenId> matching(const TokenTableModel& model) const {
    QSet<TokenId> ids;
    for (const auto& [id, row] : rows) {
      bool all = true;
      for (const QString& word : model.filter().split(u' ', Qt::SkipEmptyParts)) {
        bool any = false;
        for (const auto column : {TokenColumn::Token, TokenColumn::IssuedBy, TokenColumn::CachedOn}) {
          if (column == TokenColumn::CachedOn && (!row.cachedKnown || row.cachedOn == 0)) continue;
          any |= model.text(row, column).contains(word, Qt::CaseInsensitive);
        }
        static const QStringList states{QStringLiteral("Live"), QStringLiteral("Revoked"), QStringLiteral("Used"),
                                        QStringLiteral("Expired")};
        any |= states[static_cast<int>(row.state)].contains(word, Qt::CaseInsensitive);
        all &= any;
      }
      if (all) ids.insert(id);
    }
    return ids;
  }
};

QString sortText(const TokenTableModel& model, const TokenRow& row, TokenColumn column) {
  const auto number = [](qint64 value) { return QStringLiteral("%1").arg(value, 20, 10, QLatin1Char('0')); };
  switch (column) {
    case TokenColumn::TimeLeft: return number(row.expiresAt);
    case TokenColumn::Age: return number(1'000'000'000 - (row.expiresAt - row.ttlMs));
    case TokenColumn::State: return number(static_cast<int>(row.state));
    case TokenColumn::CachedOn: return number(row.cachedKnown ? std::popcount(row.cachedOn) : 99);
    case TokenColumn::Token:
    case TokenColumn::IssuedBy: return model.text(row, column);
  }
  return {};
}

}  // namespace

class TokenTableModelTest : public QObject {
  Q_OBJECT

 private:
  qint64 now_ = 1'000'000;

  TokenTableModel::Source source() {
    return {[this] { return now_; }, [](int issuer) { return issuerNames.value(issuer); }};
  }
  TokenRow randomRow(QRandomGenerator& random, quint32 seed) {
    TokenRow row = makeRow(seed * 7919, now_ + random.bounded(60'000), 60'000);
    row.issuer = static_cast<std::int16_t>(random.bounded(4) - 1);
    row.cachedOn = random.bounded(8U);
    row.cachedKnown = random.bounded(10) > 0;
    row.state = random.bounded(5) > 0 ? TokenState::Live : static_cast<TokenState>(random.bounded(4));
    row.singleUse = random.bounded(4) == 0;
    return row;
  }
  static void waitUntilSettled(TokenTableModel& model) { QTRY_VERIFY(!model.busy()); }

 private Q_SLOTS:
  void randomBatchesMatchTheReference_data() {
    QTest::addColumn<int>("column");
    QTest::addColumn<bool>("ascending");
    QTest::addColumn<QString>("filter");
    const char* names[] = {"token", "time left", "age", "issued by", "cached on", "state"};
    for (int column = 0; column < tokenColumnCount; ++column) {
      QTest::addRow("%s up", names[column]) << column << true << QString();
      QTest::addRow("%s down, filtered", names[column]) << column << false << QStringLiteral("fra");
    }
    QTest::newRow("two words") << 1 << false << QStringLiteral("live fra-1");
    QTest::newRow("masked text") << 0 << true << QStringLiteral("A");
    QTest::newRow("nothing matches") << 0 << true << QStringLiteral("zzzz");
  }
  void randomBatchesMatchTheReference() {
    QFETCH(int, column);
    QFETCH(bool, ascending);
    QFETCH(QString, filter);
    TokenTableModel model(source());
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setInstanceNames({QStringLiteral("fra-1"), QStringLiteral("fra-2"), QStringLiteral("other")});
    model.sort(column, ascending ? Qt::AscendingOrder : Qt::DescendingOrder);
    model.setFilter(filter);
    QItemSelectionModel selection(&model);
    Reference reference;
    QRandomGenerator random(static_cast<quint32>(column * 2 + ascending));
    quint32 seed = 1;

    for (int round = 0; round < 60; ++round) {
      TokenBatch batch;
      batch.reset = round % 20 == 19;
      for (int i = random.bounded(40); i > 0; --i) batch.added << randomRow(random, seed++);
      for (const auto& [id, row] : reference.rows) {
        const int dice = random.bounded(10);
        if (batch.reset) {
          if (dice < 5) batch.added << row;
        } else if (dice == 0) {
          batch.gone << id;
        } else if (dice == 1) {
          TokenRow other = randomRow(random, 0);
          other.id = id;
          other.maskedUtf8 = row.maskedUtf8;
          batch.changed << other;
        }
      }
      QHash<TokenId, bool> selected;
      for (int row = 0; row < model.rowCount(); ++row) {
        selected[model.rowAt(row).id] = selection.isRowSelected(row, {});
      }
      reference.apply(batch);
      model.apply(batch);
      QVERIFY(!model.busy());

      const QSet<TokenId> expected = reference.matching(model);
      QCOMPARE(model.rowCount(), expected.size());
      QCOMPARE(model.total(), static_cast<qsizetype>(reference.rows.size()));
      QString last;
      for (int row = 0; row < model.rowCount(); ++row) {
        const TokenRow& shown = model.rowAt(row);
        QVERIFY(expected.contains(shown.id));
        QCOMPARE(model.rowOf(shown.id), std::optional<int>(row));
        const TokenRow& known = reference.rows.at(shown.id);
        QCOMPARE(shown.expiresAt, known.expiresAt);
        QCOMPARE(shown.state, known.state);
        QString text = sortText(model, shown, static_cast<TokenColumn>(column));
        if (row > 0) QVERIFY2(ascending ? last <= text : last >= text, qPrintable(last + u' ' + text));
        last = text;
        if (selected.contains(shown.id)) QCOMPARE(selection.isRowSelected(row, {}), selected[shown.id]);
      }
      for (int i = 0; i < 3 && model.rowCount() > 0; ++i) {
        selection.select(model.index(random.bounded(model.rowCount()), 0),
                         QItemSelectionModel::Toggle | QItemSelectionModel::Rows);
      }
    }
  }

  void aLargeTableIsWorkedOutInSlices() {
    TokenTableModel model(source());
    QSignalSpy settled(&model, &TokenTableModel::settled);
    TokenBatch all{true, {}, {}, {}};
    for (quint32 i = 0; i < 50'000; ++i) all.added << makeRow(i, now_ + 1 + (i * 7919) % 50'000);
    model.apply(all);
    QVERIFY(model.busy());
    QCOMPARE(model.rowCount(), 0);
    // What comes meanwhile waits its turn and is not lost.
    model.apply({false, {makeRow(60'000, now_ + 90'000)}, {}, {all.added[0].id}});
    waitUntilSettled(model);
    QCOMPARE(model.rowCount(), 50'000);
    QCOMPARE(settled.count(), 1);
    QCOMPARE(model.rowAt(0).id, makeRow(60'000).id);
    QVERIFY(!model.rowOf(all.added[0].id));

    model.setFilter(QStringLiteral("00ff"));
    model.sort(static_cast<int>(TokenColumn::Token), Qt::AscendingOrder);
    QVERIFY(model.busy());
    QCOMPARE(model.rowCount(), 50'000);
    waitUntilSettled(model);
    QVERIFY(model.rowCount() > 0);
    for (int row = 0; row < model.rowCount(); ++row) {
      QVERIFY(model.rowAt(row).masked().contains(QStringLiteral("00ff")));
      if (row > 0) QVERIFY(model.rowAt(row - 1).masked() <= model.rowAt(row).masked());
    }
    model.setFilter({});
    waitUntilSettled(model);
    QCOMPARE(model.rowCount(), 50'000);
  }

  void aFilterTypedDuringAResetHolds() {
    TokenTableModel model(source());
    TokenBatch all{true, {}, {}, {}};
    for (quint32 i = 0; i < 40'000; ++i) all.added << makeRow(i, now_ + 1000);
    model.apply(all);
    model.setFilter(QStringLiteral("00fe"));
    model.setFilter(QStringLiteral("zzzz"));
    waitUntilSettled(model);
    QCOMPARE(model.rowCount(), 0);
    QCOMPARE(model.total(), 40'000);
  }

  void aResetKeepsWhatIsStillThere() {
    TokenTableModel model(source());
    QItemSelectionModel selection(&model);
    model.apply({true, {makeRow(1, now_ + 100), makeRow(2, now_ + 200), makeRow(3, now_ + 300)}, {}, {}});
    selection.select(model.index(1, 0), QItemSelectionModel::Select | QItemSelectionModel::Rows);
    model.apply({true, {makeRow(2, now_ + 200), makeRow(4, now_ + 400)}, {}, {}});
    QCOMPARE(model.rowCount(), 2);
    QCOMPARE(selection.selectedRows().size(), 1);
    QCOMPARE(model.rowAt(selection.selectedRows().first().row()).id, makeRow(2).id);
  }

  void changesWithoutAMoveTouchOnlyTheirRows() {
    TokenTableModel model(source());
    model.sort(static_cast<int>(TokenColumn::TimeLeft), Qt::AscendingOrder);
    QList<TokenRow> rows;
    for (quint32 i = 0; i < 10; ++i) rows << makeRow(i, now_ + 100 * (i + 1));
    model.apply({true, rows, {}, {}});
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    QSignalSpy layout(&model, &QAbstractItemModel::layoutChanged);
    for (const int i : {2, 3, 7}) rows[i].cachedOn = 1;
    model.apply({false, {}, {rows[7], rows[2], rows[3]}, {}});
    QCOMPARE(layout.count(), 0);
    QCOMPARE(changed.count(), 2);
    QCOMPARE(changed[0][0].toModelIndex().row(), 2);
    QCOMPARE(changed[0][1].toModelIndex().row(), 3);
    QCOMPARE(changed[1][0].toModelIndex().row(), 7);
  }

  void aNewIssuerIsSortedByItsName() {
    TokenTableModel model(source());
    model.sort(static_cast<int>(TokenColumn::IssuedBy), Qt::AscendingOrder);
    const auto issuedBy = [&](quint32 seed, int issuer) {
      TokenRow row = makeRow(seed, now_ + 1000 + seed);
      row.issuer = static_cast<std::int16_t>(issuer);
      return row;
    };
    model.apply({false, {issuedBy(1, 0), issuedBy(2, -1)}, {}, {}});
    model.apply({false, {issuedBy(3, 1)}, {}, {}});  // "fra-1" sorts before the "fra-2" that was there
    model.apply({false, {issuedBy(4, 2)}, {}, {makeRow(1).id}});
    QStringList shown;
    for (int row = 0; row < model.rowCount(); ++row) shown << model.index(row, 3).data().toString();
    QCOMPARE(shown, (QStringList{QStringLiteral("fra-1"), QStringLiteral("py-1"), QStringLiteral("unknown")}));
  }

  void cellsSayWhatIsLeftAtTheMomentTheyAreAsked() {
    TokenTableModel model(source());
    TokenRow row = makeRow(0x3f9a, now_ + 50'400, 60'000);
    row.singleUse = true;
    row.issuer = 1;
    model.apply({false, {row}, {}, {}});
    const auto say = [&](TokenColumn column, int role = Qt::DisplayRole) {
      return model.index(0, static_cast<int>(column)).data(role).toString();
    };
    QCOMPARE(say(TokenColumn::TimeLeft), QStringLiteral("51 s"));
    QCOMPARE(say(TokenColumn::Age), QStringLiteral("9 s"));
    QCOMPARE(say(TokenColumn::IssuedBy), QStringLiteral("fra-1"));
    QCOMPARE(say(TokenColumn::CachedOn), QStringLiteral("none"));
    QCOMPARE(say(TokenColumn::State), QStringLiteral("Live"));
    QVERIFY(say(TokenColumn::Token, Qt::AccessibleTextRole).contains(QStringLiteral("single use")));
    QVERIFY(say(TokenColumn::State, Qt::AccessibleTextRole).contains(QStringLiteral("Live")));
    QVERIFY(say(TokenColumn::State, Qt::AccessibleTextRole).contains(QStringLiteral("51")));
    now_ += 41'000;
    QCOMPARE(say(TokenColumn::TimeLeft), QStringLiteral("10 s"));
    QCOMPARE(say(TokenColumn::State), QStringLiteral("Expiring"));
    QCOMPARE(model.endingBetween(now_, now_ + 10'000), 1);
    QCOMPARE(model.endingBetween(now_, now_ + 5'000), 0);
    now_ += 10'000;
    QCOMPARE(say(TokenColumn::TimeLeft), QStringLiteral("ended"));
    QCOMPARE(say(TokenColumn::State), QStringLiteral("Expired"));
    QCOMPARE(model.endingBetween(now_, now_ + 60'000), 0);
  }

  void idsAndWholeTokensAreFound() {
    TokenTableModel model(source());
    const QString token = QStringLiteral("3f9a7c10-52be-4d0e-9b61-7d2f08b4c21e");
    TokenRow row = makeRow(1, now_ + 1000);
    const QByteArray hash = QCryptographicHash::hash(token.toUtf8(), QCryptographicHash::Sha256);
    std::copy_n(hash.begin(), 16, row.id.bytes.begin());
    model.apply({false, {row, makeRow(2, now_ + 1000)}, {}, {}});
    model.setFilter(token);
    QCOMPARE(model.rowCount(), 1);
    model.setFilter(row.id.text().left(9));
    QCOMPARE(model.rowCount(), 1);
    model.setFilter(row.id.text().left(8).toUpper());
    QCOMPARE(model.rowCount(), 1);
    model.setFilter(row.id.text() + u'0');
    QCOMPARE(model.rowCount(), 0);
  }
};

QTEST_GUILESS_MAIN(TokenTableModelTest)
#include "token_table_model_test.moc"
