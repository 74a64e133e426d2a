// What cells mean: the shape, and the cause that the sentence names.
#include <QTest>

#include "cluster/matrix_shell.h"
#include "cluster/matrix_verdict.h"

using namespace vx11::cluster;
using State = MatrixCell::State;

Q_DECLARE_METATYPE(vx11::cluster::MatrixVerdict)

namespace {

/// "a:memory b:hybrid/1 c:redis/0/other:/r:2": name, mode, database, prefix, address. "py": a backend of others.
QList<MatrixMember> membersOf(const QString& text) {
  QList<MatrixMember> members;
  const QStringList all = text.split(u' ', Qt::SkipEmptyParts);
  for (const QString& word : all) {
    const QStringList named = word.split(u'=');
    const QStringList parts = named.value(1).split(u'/');
    MatrixMember member;
    member.slot = static_cast<int>(members.size());
    member.name = named[0];
    member.mode = parts[0];
    member.foreign = member.mode.isEmpty();
    if (parts.size() > 1) {
      member.redis.emplace();
      member.redis->up = !parts[1].startsWith(u'-');
      member.redis->database = std::abs(parts[1].toInt());
      member.redis->prefix = parts.value(2, QStringLiteral("vx11:"));
      member.redis->address = parts.value(3, QStringLiteral("127.0.0.1:6379"));
    }
    members << member;
  }
  return members;
}

MatrixCell cellOf(int issuer, int validator, QChar sign) {
  MatrixCell cell;
  cell.issuer = issuer;
  cell.validator = validator;
  const auto fail = [&](State state, Failure::Kind kind, const char* code, int status = 0) {
    cell.state = state;
    cell.failure.kind = kind;
    cell.failure.code = QString::fromLatin1(code);
    cell.failure.httpStatus = status;
  };
  switch (sign.unicode()) {
    case u'A':
      cell.state = State::Accepted;
      break;
    case u'R':
      cell.state = State::Refused;
      break;
    case u'?':
      fail(State::CantTell, Failure::Kind::None, "store_unavailable");
      break;
    case u'd':
      fail(State::CantTell, Failure::Kind::None, "draining");
      break;
    case u'.':
      fail(State::NoAnswer, Failure::Kind::Network, "connection_refused");
      break;
    case u't':
      fail(State::NoAnswer, Failure::Kind::Timeout, "timed_out");
      break;
    case u'n':
      fail(State::NotIssued, Failure::Kind::Network, "connection_refused");
      break;
    case u'T':
      fail(State::NotIssued, Failure::Kind::Timeout, "timed_out");
      break;
    case u'p':
      fail(State::NotIssued, Failure::Kind::Http, "invalid_token", 403);
      break;
    case u'o':
      fail(State::NotIssued, Failure::Kind::ReadOnly, "read_only");
      break;
    default:
      break;
  }
  return cell;
}

/// "AR RA": rows. A row after "|" is the balancer's: "|A A R", each a cell of it.
QList<MatrixCell> cellsOf(const QString& text, int size) {
  QList<MatrixCell> cells;
  const QStringList halves = text.split(u'|');
  const QString direct = QString(halves[0]).remove(u' ');
  for (int i = 0; i < direct.size(); ++i) cells << cellOf(i / size, i % size, direct[i]);
  const QString routed = QString(halves.value(1)).remove(u' ');
  for (const QChar sign : routed) cells << cellOf(MatrixCell::balancer, MatrixCell::balancer, sign);
  return cells;
}

}  // namespace

class MatrixVerdictTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void means_data() {
    QTest::addColumn<QString>("members");
    QTest::addColumn<QString>("cells");
    QTest::addColumn<MatrixVerdict>("verdict");
    QTest::addColumn<QString>("sentence");
    const auto row = [](const char* name, const char* members, const char* cells, MatrixVerdict verdict,
                        const char* sentence) {
      QTest::newRow(name) << QString::fromUtf8(members) << QString::fromUtf8(cells) << verdict
                          << QString::fromUtf8(sentence);
    };
    using enum MatrixVerdict;
    row("none to test", "", "", None, "There is no instance to test.");
    row("whole", "a=hybrid/0 b=hybrid/0 c=hybrid/0", "AAA AAA AAA", Whole, "Every token is valid on every instance.");
    row("one alone", "a=memory", "A", Whole, "Every token is valid on every instance.");
    row("the name is no word of the sentence", "every=memory", "A", Whole, "every token is valid on every instance.");
    row("through the balancer", "a=hybrid/0 b=hybrid/0", "AA AA|AA", Whole,
        "Every token is valid on every instance, through the balancer too.");
    row("not through the balancer", "a=hybrid/0 b=hybrid/0", "AA AA|AR", Partial,
        "Every token is valid on every instance, but through the balancer 1 of 2 checks failed.");
    row("diagonal", "a=memory b=memory", "AR RA", Diagonal,
        "403 off the diagonal: memory mode without sticky routing.");
    row("diagonal, and a balancer in turn", "a=memory b=memory", "AR RA|AR", Diagonal,
        "403 off the diagonal: memory mode without sticky routing; through the balancer 1 of 2 checks are accepted.");
    row("diagonal, and a sticky balancer", "a=memory b=memory", "AR RA|AA", Diagonal,
        "403 off the diagonal: memory mode, and the balancer's sticky routing keeps a caller on one instance.");
    row("diagonal of backends of others", "py= pz=", "AR RA", Diagonal,
        "403 off the diagonal: each instance knows only its own tokens, without sticky routing.");
    row("diagonal in hybrid", "a=hybrid b=hybrid", "AR RA", Diagonal,
        "403 off the diagonal without memory mode: the instances share no store, and only sticky routing could hide "
        "it.");
    row("two databases", "a=hybrid/1 b=hybrid/0", "AR RA", Diagonal,
        "a uses database 1, b database 0: neither side finds the other's tokens, and sticky routing would only hide "
        "it.");
    row("two databases of three", "a=hybrid/0 b=redis/0 c=hybrid/1", "AAR AAR RRA", Partial,
        "a and b use database 0, c database 1: neither side finds the other's tokens.");
    row("databases of memory mode are of no account", "a=memory/1 b=memory/0", "AR RA", Diagonal,
        "403 off the diagonal: memory mode without sticky routing.");
    row("two prefixes", "a=hybrid/0/x: b=hybrid/0/y:", "AR RA", Diagonal,
        "a uses prefix x:, b prefix y:: neither side finds the other's tokens, and sticky routing would only hide it.");
    row("two servers", "a=hybrid/0/x:/r1:1 b=hybrid/0/x:/r2:1 c=hybrid/0/x:/r1:1", "ARA RAR ARA", Partial,
        "a and c use the Redis at r1:1, b the Redis at r2:1: neither side finds the other's tokens.");
    row("a difference that explains not all", "a=hybrid/1 b=hybrid/0 c=hybrid/0", "ARR RAR RRA", Diagonal,
        "403 off the diagonal without memory mode: the instances share no store, and only sticky routing could hide "
        "it.");
    row("one dead", "a=hybrid/0 b=hybrid/0 c=hybrid/0", "AA. AA. nnn", Partial,
        "c doesn't answer (connection refused); for the others: every token is valid on every instance.");
    row("two dead", "a=hybrid/0 b= c=", "A.. nnn nnn", Partial,
        "b and c don't answer (connection refused); for the others: every token is valid on every instance.");
    row("one dead of memory mode", "a=memory b=memory c=memory", "AR. RA. nnn", Partial,
        "c doesn't answer (connection refused); for the others: 403 off the diagonal: memory mode without sticky "
        "routing.");
    row("one that died meanwhile", "a=hybrid/0 b=hybrid/0", "A. A.", Partial,
        "b doesn't answer (connection refused); for the others: every token is valid on every instance.");
    row("one paused", "a=hybrid/0 b=hybrid/0", "At TT", Partial,
        "b doesn't answer in time: paused, or overloaded (timed out); for the others: every token is valid on every "
        "instance.");
    row("all dead", "a= b=", "nn nn", None, "a and b don't answer (connection refused).");
    row("wrong principal", "a=hybrid/0 b=hybrid/0", "pp AA", Partial,
        "a issues no token (403 invalid_token); for the others: every token is valid on every instance.");
    row("Redis is away", "a=hybrid/-0 b=hybrid/-0", "A? ?A", Partial,
        "Redis doesn't answer: 2 of 4 checks can't be told, which is no refusal.");
    row("nothing can be told", "a=redis/-0", "?", None,
        "Redis doesn't answer: 1 of 1 checks can't be told, which is no refusal.");
    row("another reason not to tell", "a=hybrid/0 b=hybrid/0", "Ad Ad", Partial,
        "2 of 4 checks can't be told, which is no refusal (draining).");
    row("none", "a=hybrid/0 b=hybrid/0", "RR RR", None,
        "Nothing is accepted, not even where it was issued: look at clocks and lifetimes.");
    row("stands alone", "a=hybrid/0 b=hybrid/0 c=memory", "AAR AAR RRA", Partial,
        "c stands alone: it refuses tokens it did not issue, and the others refuse its tokens; it runs in memory "
        "mode.");
    row("memory in its drain window", "a=hybrid/0 b=hybrid/0 c=memory/0", "AAA AAA RRA", Partial,
        "c runs in memory mode: the others refuse its tokens.");
    row("memory that refuses", "a=hybrid/0 b=hybrid/0 c=memory", "AAR AAR AAA", Partial,
        "c runs in memory mode: it refuses every token it did not issue.");
    row("two in memory mode", "a=hybrid/0 b=hybrid/0 c=memory d=memory", "AARR AARR RRAR RRRA", Partial,
        "c and d run in memory mode and know only their own tokens, which nobody else knows.");
    row("a column", "a=hybrid/0 b=hybrid/0 c=hybrid/0", "AAR AAR AAR", Partial,
        "c refuses everyone's tokens, its own too.");
    row("a column but its own", "a=hybrid/0 b=hybrid/0 c=hybrid/0", "AAR AAR AAA", Partial,
        "c refuses everyone else's tokens.");
    row("here and there", "a=hybrid/0 b=hybrid/0 c=hybrid/0", "ARA AAR AAA", Partial,
        "b refuses tokens of a; c refuses tokens of b.");
    row("a backend of others", "a=hybrid/0 b=hybrid/0 py=", "AAR AAR AAA", Partial,
        "py refuses everyone else's tokens; where backends of others keep their tokens can't be told.");
    row("refused, untold and silent", "a=hybrid/0 b=hybrid/0 c=hybrid/0", "AR? AAA AA.", Partial,
        "b refuses tokens of a; Redis doesn't answer: 1 of 9 checks can't be told, which is no refusal; 1 of 9 checks "
        "had no answer.");
    row("read-only", "a= b=", "oo oo", None, "This cluster is read-only: no token was issued.");
    row("cancelled", "a= b=", "AA  -", Partial, "Cancelled with 2 of 3 answers.");
  }
  void means() {
    QFETCH(QString, members);
    QFETCH(QString, cells);
    const auto list = membersOf(members);
    const MatrixMeaning meaning = meaningOf(list, cellsOf(cells, std::max(1, static_cast<int>(list.size()))));
    QTEST(meaning.explanation, "sentence");
    QTEST(meaning.verdict, "verdict");
  }

  void words() {
    QCOMPARE(verdictWord(MatrixVerdict::Whole), QStringLiteral("whole"));
    QCOMPARE(verdictWord(MatrixVerdict::Diagonal), QStringLiteral("diagonal"));
    QCOMPARE(verdictWord(MatrixVerdict::Partial), QStringLiteral("partial"));
    QCOMPARE(verdictWord(MatrixVerdict::None), QStringLiteral("none"));
  }

  void shellQuotesWhateverIsInANameOrAnAddress() {
    const QString shell =
        matrixAsShell({{QStringLiteral("a$(touch /tmp/x)'=b"), QUrl(QStringLiteral("http://h:1/it's/"))},
                       {QStringLiteral("b-2"), QUrl(QStringLiteral("http://user:word@h:2"))}},
                      7);
    QVERIFY2(shell.contains(QStringLiteral("set -- 'a__touch__tmp_x___b=http://h:1/it%27s' 'b-2=http://h:2'\n")),
             qPrintable(shell));
    QVERIFY(shell.contains(QStringLiteral("{\"ttl_sec\":7}")));
    QVERIFY(shell.contains(QStringLiteral("$VX11_OPERATOR_TOKEN")));
    QVERIFY(!shell.contains(QStringLiteral("word")));
  }
};

QTEST_GUILESS_MAIN(MatrixVerdictTest)
#include "matrix_verdict_test.moc"
