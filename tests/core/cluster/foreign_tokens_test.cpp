#include <QTest>

#include "cluster/foreign_tokens.h"
#include "core/cluster/fake_cluster.h"

using namespace vx11::cluster;
using vx11::cluster::testing::FakeCluster;
using vx11::cluster::testing::makeRow;

namespace {

InstanceInfo instance(const QString& id) {
  InstanceInfo info;
  info.id = id;
  info.answeredAt = 1;
  return info;
}

}  // namespace

class ForeignTokensTest : public QObject {
  Q_OBJECT
  std::unique_ptr<FakeCluster> cluster_;
  quint32 seed_ = 0;

  void have(const QList<InstanceInfo>& instances) {
    for (const InstanceInfo& one : instances) cluster_->addInstance(one);
  }

  /// `issuer`: its place among the names, -1 for none.
  void add(int count, int issuer) {
    QList<TokenRow> rows;
    for (int i = 0; i < count; ++i) {
      rows << makeRow(++seed_);
      rows.last().issuer = static_cast<std::int16_t>(issuer);
    }
    cluster_->fakeTokens().add(rows);
  }
  [[nodiscard]] QString words(const ForeignTokens& counted) { return foreignTokenWords(counted, true); }

 private Q_SLOTS:
  void init() {
    cluster_ = std::make_unique<FakeCluster>();
    cluster_->fakeTokens().setIssuerNames({QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("py-1"), QStringLiteral("py-2")});
  }

  void theInstancesThemselvesAreNone() {
    have({instance(QStringLiteral("a")), instance(QStringLiteral("b"))});
    QCOMPARE(words(foreignTokens(*cluster_)), QStringLiteral("0 live, none foreign"));
    add(1200, 0);
    add(34, 1);
    const ForeignTokens counted = foreignTokens(*cluster_);
    QCOMPARE(words(counted), QStringLiteral("1,234 live, none foreign"));
    QCOMPARE(foreignTokenDetails(counted), QString());
    QCOMPARE(foreignTokenWords(counted, false), QStringLiteral("1,234 so far, none foreign"));
  }

  void anIssuerThatIsNoInstanceIs() {
    have({instance(QStringLiteral("a")), instance(QStringLiteral("b"))});
    add(10, 0);
    add(3, 2);
    QCOMPARE(words(foreignTokens(*cluster_)), QStringLiteral("13 live, 3 by py-1 (foreign)"));
    add(5, 3);
    add(1, -1);
    const ForeignTokens counted = foreignTokens(*cluster_);
    QCOMPARE(counted.live, 19);
    QCOMPARE(counted.foreign, 9);
    QCOMPARE(words(counted), QStringLiteral("19 live, 9 by 3 foreign issuers"));
    QCOMPARE(foreignTokenDetails(counted),
             QStringLiteral("Issued by others than the instances of this profile:\npy-2: 5\npy-1: 3\n"
                            "an issuer without a name: 1"));
  }

  void aBackendWithThePublicCallsOnlyIs() {
    QList<InstanceInfo> two{instance(QStringLiteral("a")), instance(QStringLiteral("py-1"))};
    two[1].internalCalls = false;
    have(two);
    add(2, 2);
    QCOMPARE(words(foreignTokens(*cluster_)), QStringLiteral("2 live, 2 by py-1 (foreign)"));
  }

  /// Found in the registry, so it is one of the cluster, though it gets public calls only until it is accepted.
  void oneThatWaitsToBeAcceptedIsNone() {
    QList<InstanceInfo> two{instance(QStringLiteral("a")), instance(QStringLiteral("b"))};
    two[1].internalCalls = false;
    two[1].url = QUrl(QStringLiteral("http://10.4.0.12:8011"));
    have(two);
    add(2, 1);
    cluster_->setPending({two[1].url});
    QCOMPARE(words(foreignTokens(*cluster_)), QStringLiteral("2 live, none foreign"));
    cluster_->setPending({});
    QCOMPARE(words(foreignTokens(*cluster_)), QStringLiteral("2 live, 2 by b (foreign)"));
  }

  /// The registry told its id.
  void oneThatIsKnownAndSilentIsNone() {
    QList<InstanceInfo> two{instance(QStringLiteral("a")), instance(QStringLiteral("b"))};
    two[1].answeredAt = -1;
    have(two);
    add(2, 1);
    add(1, 2);
    const ForeignTokens counted = foreignTokens(*cluster_);
    QCOMPARE(words(counted), QStringLiteral("3 live, 1 by py-1 (foreign)"));
    QVERIFY(counted.strangers.isEmpty());
  }

  void withoutANameItIsStillCounted() {
    add(4, -1);
    have({instance(QStringLiteral("a"))});
    QCOMPARE(words(foreignTokens(*cluster_)), QStringLiteral("4 live, 4 foreign"));
  }

  void oneThatNeverAnsweredMayBeTheIssuer() {
    QList<InstanceInfo> two{instance(QStringLiteral("a")), instance(QStringLiteral("10.4.0.12:8011"))};
    two[1].answeredAt = -1;
    have(two);
    add(2, 1);
    const ForeignTokens counted = foreignTokens(*cluster_);
    QCOMPARE(counted.strangers, QStringList{QStringLiteral("10.4.0.12:8011")});
    QVERIFY(foreignTokenDetails(counted).endsWith(
        QStringLiteral("Some may be of 10.4.0.12:8011, which never answered: its name as an issuer is not known.")));
  }

  void tenAreNamedAtMost() {
    QStringList names;
    for (int i = 0; i < 25; ++i) names << QStringLiteral("py-%1").arg(i);
    cluster_->fakeTokens().setIssuerNames(names);
    for (int i = 0; i < 25; ++i) add(1, i);
    const QString details = foreignTokenDetails(foreignTokens(*cluster_));
    QCOMPARE(details.count(u'\n'), 11);
    QVERIFY(details.endsWith(QStringLiteral("and 15 more issuers")));
  }
};

QTEST_GUILESS_MAIN(ForeignTokensTest)
#include "foreign_tokens_test.moc"
