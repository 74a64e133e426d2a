// The console's view of a real embedded server, over loopback HTTP like any other.
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QSignalSpy>
#include <QTcpSocket>
#include <QTest>
#include <QTimer>
#include <cmath>

#include "cluster/live_cluster.h"
#include "cluster/local_server.h"
#include "token/token_id.h"

using namespace vx11::cluster;

namespace {

TokenId idOf(const vx11::TokenText& text) {
  TokenId id;
  id.bytes = vx11::PublicId::of(text.reveal()).bytes;
  return id;
}
QList<LogEntry> entriesOf(Cluster& cluster, const QString& event) {
  QList<LogEntry> found;
  for (const LogEntry& entry : cluster.journal().entries()) {
    if (entry.event == event) found.append(entry);
  }
  return found;
}
bool hasMark(Cluster& cluster, TimeMark::Kind kind) {
  const auto marks = cluster.history().marks(0, std::numeric_limits<qint64>::max());
  return std::any_of(marks.begin(), marks.end(), [kind](const TimeMark& mark) { return mark.kind == kind; });
}

/// A request of somebody else, with the principal.
int post(const QUrl& url, const vx11::Secret& principal, const QByteArray& body) {
  QNetworkAccessManager manager;
  QNetworkRequest request(url);
  const auto value = principal.reveal();
  request.setRawHeader("X-VX11-Token", QByteArray(value.data(), static_cast<qsizetype>(value.size())));
  request.setHeader(QNetworkRequest::ContentTypeHeader, QByteArrayLiteral("application/json"));
  const std::unique_ptr<QNetworkReply> reply(manager.post(request, body));
  if (!QTest::qWaitFor([&] { return reply->isFinished(); }, 5000)) return -1;
  return reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
}

}  // namespace

class LocalServerTest : public QObject {
  Q_OBJECT
  std::unique_ptr<Cluster> cluster_;
  QByteArray heard_;

  [[nodiscard]] const InstanceInfo& local() const { return cluster_->instances().first(); }

  std::unique_ptr<Cluster> open(quint16 firstPort = 0, int ttlSec = 60) {
    LocalServerOptions options;
    options.firstPort = firstPort;
    options.ttlSec = ttlSec;
    return openLocalServer(options);
  }
  bool live(Cluster& cluster) {
    return QTest::qWaitFor([&] { return cluster.instances().first().state == InstanceState::Live; }, 5000);
  }
  /// The outcome of a job, without QTest's naps between events.
  template <typename Outcome, typename JobType>
  Outcome outcomeOf(JobType* job) {
    QEventLoop loop;
    Outcome outcome;
    connect(job, &JobType::finished, &loop, [&](const Outcome& came) {
      outcome = came;
      loop.quit();
    });
    QTimer::singleShot(20'000, &loop, &QEventLoop::quit);
    loop.exec();
    return outcome;
  }
  IssueOutcome issue(int count, std::optional<int> ttl = {}, bool singleUse = false) {
    IssueSpec spec;
    spec.count = count;
    spec.ttlSec = ttl;
    spec.singleUse = singleUse;
    return outcomeOf<IssueOutcome>(cluster_->issue(spec));
  }
  /// Of somebody who isn't this console.
  bool openStream(QTcpSocket& socket) {
    const IssueOutcome issued = issue(1);
    if (issued.ids.isEmpty()) return false;
    const auto token = cluster_->tokens().value(issued.ids[0]);
    socket.connectToHost(local().url.host(), static_cast<quint16>(local().url.port()));
    if (!QTest::qWaitFor([&] { return socket.state() == QAbstractSocket::ConnectedState; })) return false;
    socket.write("GET /operator/api/events/stream?token=" + QByteArray::fromStdString(std::string(token->reveal())) +
                 " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    heard_.clear();
    return QTest::qWaitFor([&] {
      heard_ += socket.readAll();
      return heard_.contains("event:") || heard_.contains("retry:") || heard_.contains("\n:");
    });
  }
  QByteArray heard(QTcpSocket& socket) {
    (void)QTest::qWaitFor([&] { return socket.state() == QAbstractSocket::UnconnectedState; });
    return heard_ += socket.readAll();
  }
  RevokeOutcome revoke(const RevokeSpec& spec) { return outcomeOf<RevokeOutcome>(cluster_->revoke(spec)); }
  QList<CheckAnswer> check(const vx11::TokenText& token) {
    return outcomeOf<QList<CheckAnswer>>(cluster_->check(token, -1));
  }

 private Q_SLOTS:
  void init() {
    qunsetenv("VX11_OPERATOR_TOKEN");
    cluster_ = open();
    QCOMPARE(local().state, InstanceState::Starting);
    QVERIFY(live(*cluster_));
  }
  void cleanup() { cluster_.reset(); }

  void tellsWhatItIs() {
    QCOMPARE(local().id, QStringLiteral("local"));
    QCOMPARE(local().mode, QStringLiteral("memory"));
    QVERIFY(!local().version.isEmpty());
    QCOMPARE(local().url.host(), QStringLiteral("127.0.0.1"));
    QCOMPARE(local().liveTokens, 0);
    QCOMPARE(local().ttlSec, 60);
    QVERIFY(local().internalCalls);
    QVERIFY(local().startupMs);
    QCOMPARE(local().redisConfigured, false);
    QCOMPARE(cluster_->localPrincipal().size(), 32U);
    QCOMPARE(entriesOf(*cluster_, QStringLiteral("server_started")).size(), 1);
    QCOMPARE(entriesOf(*cluster_, QStringLiteral("connected")).size(), 1);
    QVERIFY(hasMark(*cluster_, TimeMark::Kind::ServerStarted));
    QTRY_VERIFY(!entriesOf(*cluster_, QStringLiteral("service_log")).isEmpty());
    QTRY_VERIFY(cluster_->tokens().complete());
    QTRY_VERIFY(cluster_->history().latest(Metric::LiveTokens, 0).has_value());
  }

  void issuesShowsChecksAndRevokes() {
    QTRY_VERIFY(cluster_->tokens().complete());
    QSignalSpy batches(&cluster_->tokens(), &Tokens::changed);
    const IssueOutcome issued = issue(50);
    QVERIFY2(!issued.failure, qPrintable(issued.failure.code));
    QCOMPARE(issued.issued, 50);
    QCOMPARE(issued.ids.size(), 50);
    QTRY_COMPARE(cluster_->tokens().liveCount(), 50);
    QTRY_VERIFY(!batches.isEmpty());

    const TokenId id = issued.ids.at(7);
    const auto value = cluster_->tokens().value(id);
    QVERIFY(value);
    QCOMPARE(idOf(*value), id);
    const auto row = cluster_->tokens().find(id);
    QVERIFY(row && row->own && row->state == TokenState::Live);
    QCOMPARE(cluster_->tokens().issuerName(row->issuer), QStringLiteral("local"));
    QVERIFY(row->expiresAt > cluster_->now() + 50'000 && row->expiresAt <= cluster_->now() + 60'000);

    auto answers = check(*value);
    QCOMPARE(answers.size(), 1);
    QCOMPARE(answers[0].verdict, CheckAnswer::Verdict::Accepted);
    QCOMPARE(answers[0].httpStatus, 200);
    QVERIFY(answers[0].latencyMs > 0 && answers[0].expiresInMs > 0);

    RevokeSpec spec;
    spec.ids = {id};
    const RevokeOutcome revoked = revoke(spec);
    QVERIFY2(!revoked.failure, qPrintable(revoked.failure.code));
    QCOMPARE(revoked.revoked, 1);
    QCOMPARE(cluster_->tokens().find(id)->state, TokenState::Revoked);
    QVERIFY(!cluster_->tokens().value(id));
    QCOMPARE(check(*value)[0].verdict, CheckAnswer::Verdict::Refused);
    QTRY_COMPARE_WITH_TIMEOUT(cluster_->tokens().count(), 49, 8000);
    QTRY_COMPARE(local().liveTokens, 49);
    QTRY_COMPARE(local().issuedTotal, 50);
    for (const LogEntry& entry : cluster_->journal().entries()) {
      for (const QVariant& field : entry.fields) {
        const auto text = value->reveal();
        QVERIFY(!field.toString().contains(QString::fromLatin1(text.data(), static_cast<qsizetype>(text.size()))));
      }
    }
  }

  void othersTokensComeByTheWatch() {
    QTRY_VERIFY(cluster_->tokens().complete());
    QUrl url = local().url;
    url.setPath(QStringLiteral("/operator/api/events/sse-token"));
    QCOMPARE(post(url, cluster_->localPrincipal(), "{}"), 200);
    QTRY_COMPARE_WITH_TIMEOUT(cluster_->tokens().count(), 1, 3000);
    const TokenRow row = cluster_->tokens().newest(1).first();
    QVERIFY(!row.own && !cluster_->tokens().value(row.id));
    QCOMPARE(row.masked().size(), 9);
  }

  void revokesAll() {
    QCOMPARE(issue(20).issued, 20);
    RevokeSpec spec;
    spec.all = true;
    QCOMPARE(revoke(spec).revoked, 20);
    QTRY_COMPARE(cluster_->tokens().liveCount(), 0);
    QCOMPARE(issue(1).issued, 1);
    QTest::qWait(700);  // the watch's late word of the revocation must not take the new one
    QCOMPARE(cluster_->tokens().liveCount(), 1);
  }

  void revokesByText() {
    const IssueOutcome issued = issue(2);
    RevokeSpec spec;
    spec.token = *cluster_->tokens().value(issued.ids[0]);
    QCOMPARE(revoke(spec).revoked, 1);
    QCOMPARE(cluster_->tokens().liveCount(), 1);
  }

  void shortLivesEnd() {
    QCOMPARE(issue(10, 1).issued, 10);
    QCOMPARE(cluster_->tokens().liveCount(), 10);
    QTRY_COMPARE_WITH_TIMEOUT(cluster_->tokens().count(), 0, 3000);
    QTRY_COMPARE(local().liveTokens, 0);
  }

  void readOnlyChangesNothing() {
    const IssueOutcome issued = issue(1);
    cluster_->setCanChange(false);
    const IssueOutcome refusedIssue = issue(5);
    QCOMPARE(refusedIssue.failure.kind, Failure::Kind::ReadOnly);
    QCOMPARE(refusedIssue.issued, 0);
    RevokeSpec spec;
    spec.ids = issued.ids;
    QCOMPARE(revoke(spec).failure.kind, Failure::Kind::ReadOnly);
    QCOMPARE(check(*cluster_->tokens().value(issued.ids[0]))[0].verdict, CheckAnswer::Verdict::Accepted);
    cluster_->setCanChange(true);
    QCOMPARE(revoke(spec).revoked, 1);
  }

  void theServicesNoIsAFailure() {
    const IssueOutcome outcome = issue(3, 86'000);
    QCOMPARE(outcome.failure.kind, Failure::Kind::Http);
    QCOMPARE(outcome.failure.httpStatus, 400);
    QCOMPARE(outcome.failure.code, QStringLiteral("ttl_out_of_range"));
    QVERIFY(!outcome.failure.correlationId.isEmpty());
    QCOMPARE(entriesOf(*cluster_, QStringLiteral("issue_failed")).size(), 1);
  }

  void cancelKeepsWhatWasIssued() {
    IssueSpec spec;
    spec.count = 100'000;
    QPointer<IssueJob> job = cluster_->issue(spec);
    IssueOutcome outcome;
    int ended = 0, progressed = 0;
    connect(job, &IssueJob::finished, this, [&](const IssueOutcome& came) {
      outcome = came;
      ++ended;
    });
    connect(job, &Job::progressed, this, [&](int done, int total) {
      QVERIFY(done <= total);
      if (++progressed == 3) job->cancel();
    });
    QTRY_COMPARE_WITH_TIMEOUT(ended, 1, 10'000);
    QCOMPARE(outcome.failure.kind, Failure::Kind::Cancelled);
    QVERIFY(outcome.issued > 0 && outcome.issued < 100'000);
    QTRY_VERIFY(job.isNull());
    QCOMPARE(cluster_->tokens().liveCount(), outcome.issued);
    QTRY_COMPARE(local().liveTokens, outcome.issued);
  }

  void aSecondConsoleFindsThemByTheList() {
    QCOMPARE(issue(2500).issued, 2500);
    const vx11::SystemClock clock;
    vx11::SystemRandom random;
    LiveCluster other(Profile{}, clock, random);
    other.connectInstance(other.addInstance({}), local().url, cluster_->localPrincipal());
    QVERIFY(!other.tokens().complete());
    QTRY_VERIFY(other.tokens().complete());
    QCOMPARE(other.tokens().liveCount(), 2500);
    for (const TokenRow& row : other.tokens().everything().added) {
      const auto ours = cluster_->tokens().find(row.id);
      QVERIFY(ours && !row.own && ours->masked() == row.masked());
      QVERIFY(std::abs(row.expiresAt - ours->expiresAt) < 1000);
    }
    QVERIFY(other.localPrincipal().empty());
  }

  void aWrongPrincipalIsAClearReason() {
    const vx11::SystemClock clock;
    vx11::SystemRandom random;
    LiveCluster other(Profile{}, clock, random);
    other.connectInstance(other.addInstance({}), local().url, vx11::Secret("not-the-principal"));
    QTRY_COMPARE(other.instances().first().state, InstanceState::Degraded);
    QCOMPARE(other.instances().first().reason, QStringLiteral("refused_principal"));
    QVERIFY(!other.instances().first().liveTokens);
  }

  void drainedByAClientThenStartedAgain() {
    QTRY_VERIFY(cluster_->history().latest(Metric::LiveTokens, 0).has_value());
    QUrl url = local().url;
    url.setPath(QStringLiteral("/operator/internal/drain"));
    QCOMPARE(post(url, cluster_->localPrincipal(), {}), 202);
    QTRY_COMPARE_WITH_TIMEOUT(local().state, InstanceState::Stopped, 15'000);
    QCOMPARE(local().reason, QStringLiteral("stopped"));
    QVERIFY(hasMark(*cluster_, TimeMark::Kind::InstanceGone));
    QVERIFY(hasMark(*cluster_, TimeMark::Kind::Drain));
    QCOMPARE(entriesOf(*cluster_, QStringLiteral("lost")).size(), 1);
    QCOMPARE(local().mode, QStringLiteral("memory"));  // the last values stay
    QCOMPARE(issue(1).failure.kind, Failure::Kind::NoInstance);

    cluster_->retryNow();
    QVERIFY(live(*cluster_));
    QVERIFY(hasMark(*cluster_, TimeMark::Kind::InstanceBack));
    QCOMPARE(issue(1).issued, 1);
  }

  void stoppedOnPurposeItDrainsAndStartsAgain() {
    QVERIFY(cluster_->hasServerToStop());
    cluster_->setCanChange(false);
    cluster_->stopServer();
    cluster_->setCanChange(true);
    QTest::qWait(50);
    QCOMPARE(local().state, InstanceState::Live);

    QTcpSocket stream;
    QVERIFY(openStream(stream));
    QList<InstanceState> states;
    connect(cluster_.get(), &Cluster::instanceChanged, this, [&] {
      if (states.isEmpty() || states.last() != local().state) states.append(local().state);
    });
    cluster_->stopServer();
    QTRY_COMPARE_WITH_TIMEOUT(local().state, InstanceState::Stopped, 15'000);
    QVERIFY(!cluster_->hasServerToStop());
    states.removeAll(InstanceState::Live);
    QCOMPARE(states, (QList<InstanceState>{InstanceState::Draining, InstanceState::Stopped}));  // never unreachable
    QVERIFY2(heard(stream).contains("event: drain"), heard_.constData());
    cluster_->retryNow();
    QVERIFY(live(*cluster_));
    QVERIFY(cluster_->hasServerToStop());
  }

  void aStreamHearsOfItsEndWhenTheConsoleCloses() {
    QTcpSocket stream;
    QVERIFY(openStream(stream));
    QTRY_COMPARE(local().streams, 1);
    cluster_.reset();
    const QByteArray all = heard(stream);
    QVERIFY2(all.contains("event: drain") && all.contains("retry: "), all.constData());
  }

  void aServerWhosePortIsTakenMovesOn() {
    const auto second = open(static_cast<quint16>(local().url.port()));
    QVERIFY(live(*second));
    QVERIFY(second->instances().first().url.port() != local().url.port());
    QCOMPARE(issue(1).issued, 1);
    QTRY_COMPARE(cluster_->tokens().count(), 1);
    QCOMPARE(second->tokens().count(), 0);
  }

  void theEnvironmentsPrincipal() {
    qputenv("VX11_OPERATOR_TOKEN", " first-principal-0123456789 ,second");
    const auto other = open();
    QVERIFY(live(*other));
    QCOMPARE(other->localPrincipal().reveal(), "first-principal-0123456789");
  }

  void goesWhileItStarts() {
    for (int i = 0; i < 5; ++i) {
      auto other = open();
      QCoreApplication::processEvents();
      other.reset();
    }
  }

  void goesWhileJobsRun() {
    IssueSpec spec;
    spec.count = 1000;
    int ended = 0;
    connect(cluster_->issue(spec), &IssueJob::finished, this, [&] { ++ended; });
    QTest::qWait(20);
    QElapsedTimer timer;
    timer.start();
    cluster_.reset();
    QVERIFY(timer.elapsed() < 1500);
    QTest::qWait(20);
    QVERIFY(ended <= 1);
  }
};

QTEST_GUILESS_MAIN(LocalServerTest)
#include "local_server_test.moc"
