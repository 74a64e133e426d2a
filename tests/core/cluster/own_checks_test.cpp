// Which checks of tokens an operation caused itself, and what is left of an instance's figures without them.
#include <QTest>

#include "cluster/own_checks.h"

using namespace vx11::cluster;
using Verdict = CheckAnswer::Verdict;

class OwnChecksTest : public QObject {
  Q_OBJECT
  [[nodiscard]] static InstanceInfo named(int slot, const QString& id) {
    InstanceInfo info;
    info.slot = slot;
    info.id = id;
    return info;
  }
  static void compare(const rollback::Counters& left, qint64 checks, qint64 refused) {
    QCOMPARE(left.checks, checks);
    QCOMPARE(left.refused, refused);
  }

 private Q_SLOTS:
  void ofAGate() {
    OwnChecks own;
    own.add(1, Verdict::Accepted);
    own.add(1, Verdict::Refused);
    own.add(1, Verdict::CantTell);
    own.add(1, Verdict::NoAnswer);  // who knows whether it counted it
    compare(own.without(1, {10, 4}), 7, 3);
    compare(own.without(0, {10, 4}), 10, 4);
  }

  void ofATest() {
    MatrixResult diagonal;
    for (int issuer = 0; issuer < 2; ++issuer) {
      for (int validator = 0; validator < 2; ++validator) {
        MatrixCell cell;
        cell.issuer = issuer;
        cell.validator = validator;
        cell.state = issuer == validator ? MatrixCell::State::Accepted : MatrixCell::State::Refused;
        diagonal.cells << cell;
      }
    }
    MatrixCell throughBalancer = diagonal.cells[1];
    throughBalancer.validator = MatrixCell::balancer;
    MatrixCell unanswered = diagonal.cells[0];
    unanswered.state = MatrixCell::State::NoAnswer;
    diagonal.cells << throughBalancer << unanswered;
    OwnChecks own;
    own.add(diagonal);
    compare(own.without(0, {100, 50}), 98, 49);
    compare(own.without(1, {100, 50}), 98, 49);
  }

  void ofAProbe() {
    RoutingProbe::Seen seen;
    seen.answers = {{QStringLiteral("a"), 9}, {QStringLiteral("x"), 3}, {QString(), 3}};
    seen.checked = {{QStringLiteral("a"), 6}, {QStringLiteral("x"), 3}};
    seen.refused = {{QStringLiteral("a"), 2}, {QStringLiteral("x"), 1}};
    OwnChecks own;
    own.add(seen, {named(4, QStringLiteral("a")), named(5, QStringLiteral("b"))});
    compare(own.without(4, {10, 5}), 4, 3);
    compare(own.without(5, {10, 5}), 10, 5);
  }

  void whoCountsAnewOwesNothing() {
    OwnChecks own;
    own.add(0, Verdict::Refused);
    compare(own.without(0, {0, 0}), 0, 0);  // never below
    own.forget(0);
    compare(own.without(0, {3, 1}), 3, 1);
  }

  void itComesBackWhereverItsInstanceIs() {
    OwnChecks own;
    own.add(0, Verdict::Refused);
    own.add(1, Verdict::Accepted);
    const QJsonObject saved = own.saved({named(0, QStringLiteral("a")), named(1, QStringLiteral("b"))});
    const OwnChecks back = OwnChecks::from(saved, {named(0, QStringLiteral("b")), named(7, QStringLiteral("a"))});
    compare(back.without(7, {5, 5}), 4, 4);
    compare(back.without(0, {5, 5}), 4, 5);
    compare(back.without(1, {5, 5}), 5, 5);
  }
};

QTEST_GUILESS_MAIN(OwnChecksTest)
#include "own_checks_test.moc"
