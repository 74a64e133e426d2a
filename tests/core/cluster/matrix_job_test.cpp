// The cross-instance test over a LiveCluster whose instances are scripted: what it asks, and how it bears silence.
#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>

#include "cluster/live_cluster.h"
#include "core/cluster/scripted_server.h"

using namespace vx11::cluster;
using testing::ScriptedReply;
using testing::ScriptedRequest;
using testing::ScriptedServer;
using State = MatrixCell::State;

namespace {

QByteArray header(const QByteArray& name) { return "X-VX11-Instance: " + name + "\r\n"; }

/// One that accepts what the test says.
struct Backend {
  QByteArray name = "a", mode = "memory";
  QByteArrayList accepted;  ///< issuers whose tokens it accepts
  bool foreign = false, silent = false;
  int issueStatus = 200;
  bool anyLife = true;  ///< false: 400 where a life is asked for

  ScriptedReply operator()(const ScriptedRequest& request) const {
    ScriptedReply reply;
    reply.extraHeaders = foreign ? QByteArray() : header(name);
    reply.silent = silent;
    if (request.path.endsWith("/sse-token")) {
      reply.status = anyLife || !request.body.contains("ttl") ? issueStatus : 400;
      reply.body = reply.status == 200 ? R"({"sse_token":"token-of-)" + name + R"(","expires_in_sec":10})"
                                       : QByteArray(R"({"detail":"store_unavailable"})");
    } else if (request.path.endsWith("/validate") && !foreign) {
      return judged(request, reply);
    } else if (request.path.endsWith("/stream") && foreign) {
      reply.contentType = "text/event-stream";
      reply.stays = true;
      return judged(request, reply);
    } else if (request.path.endsWith("/cache-stats") && !foreign) {
      reply.body = R"({"instance_id":")" + name + R"(","mode":")" + mode + R"(","state":"ready","max_ttl_sec":7})";
    } else if (request.path.endsWith("/health")) {
      reply.body = R"({"status":"ok"})";
    } else {
      reply.status = 404;
    }
    return reply;
  }
  [[nodiscard]] ScriptedReply judged(const ScriptedRequest& request, ScriptedReply reply) const {
    const QByteArray issuer = request.query.mid(static_cast<int>(qstrlen("token=token-of-")));
    const bool yes = accepted.contains(issuer);
    if (!yes) reply.stays = false;
    reply.status = yes ? 200 : 403;
    reply.body = yes ? (foreign ? "event: snapshot\ndata: {}\n\n" : R"({"valid":true,"expires_in_ms":9000})")
                     : R"({"detail":"invalid_token"})";
    return reply;
  }
};

}  // namespace

class MatrixJobTest : public QObject {
  Q_OBJECT
  vx11::SystemClock clock_;
  vx11::SystemRandom random_;
  std::unique_ptr<LiveCluster> cluster_;

  void open(const QList<QUrl>& urls, const QUrl& balancer = {}) {
    Profile profile;
    profile.balancer = balancer;
    cluster_ = std::make_unique<LiveCluster>(profile, clock_, random_);
    for (const QUrl& url : urls) {
      cluster_->connectInstance(cluster_->addInstance({}), url, vx11::Secret("a-principal-0123456789"));
    }
  }
  MatrixResult run(const MatrixSpec& spec = {}) {
    MatrixResult result;
    MatrixJob* job = cluster_->testAcross(spec);
    QSignalSpy ends(job, &QObject::destroyed);
    connect(job, &MatrixJob::finished, this, [&](const MatrixResult& ended) { result = ended; });
    if (ends.isEmpty()) ends.wait(15'000);
    return result;
  }
  [[nodiscard]] static QString picture(const MatrixResult& result) {
    QString out;
    for (const MatrixCell& cell : result.cells) out += QStringLiteral("-AR?.n")[static_cast<int>(cell.state)];
    return out;
  }
  [[nodiscard]] int logged(const QString& event) const {
    const auto& entries = cluster_->journal().entries();
    return static_cast<int>(
        std::count_if(entries.begin(), entries.end(), [&](const LogEntry& entry) { return entry.event == event; }));
  }

 private Q_SLOTS:
  void cleanup() { cluster_.reset(); }

  void wholeWithABackendOfOthers() {
    const QByteArrayList all{"a", "b", "py"};
    ScriptedServer a(Backend{"a", "hybrid", all}), b(Backend{"b", "hybrid", all}), py(Backend{"py", {}, all, true});
    open({a.url(), b.url(), py.url()});
    QTRY_COMPARE(cluster_->instances()[0].maxTtlSec, 7);
    const MatrixResult result = run();
    QCOMPARE(picture(result), QStringLiteral("AAAAAAAAA"));
    QCOMPARE(result.verdict, MatrixVerdict::Whole);
    QCOMPARE(result.names.mid(0, 2), QStringList({QStringLiteral("a"), QStringLiteral("b")}));
    QCOMPARE(result.cells[1].issuer, 0);
    QCOMPARE(result.cells[1].validator, 1);
    QCOMPARE(result.cells[1].answeredBy, QStringLiteral("b"));
    QCOMPARE(result.cells[1].httpStatus, 200);
    QVERIFY(result.cells[1].latencyMs > 0 && !result.cells[1].correlationId.isEmpty());
    QVERIFY(result.at.isValid());
    QCOMPARE(py.count("/operator/api/events/stream"), 3);
    for (const ScriptedRequest& request : a.requests()) {
      if (request.path.endsWith("/sse-token")) QCOMPARE(request.body, R"({"ttl_sec":7})");  // its longest
      if (request.path.endsWith("/validate")) QVERIFY(request.header("X-VX11-Token").isEmpty());
    }
    QCOMPARE(cluster_->tokens().count(), 0);
    QCOMPARE(logged(QStringLiteral("matrix_tested")), 1);
    QCOMPARE(logged(QStringLiteral("issued")) + logged(QStringLiteral("checked")), 0);
  }

  void cellsComeOneByOne() {
    ScriptedServer a(Backend{"a", "memory", {"a"}}), b(Backend{"b", "memory", {"b"}});
    open({a.url(), b.url()});
    MatrixJob* job = cluster_->testAcross({});
    QCOMPARE(picture(job->result()), QStringLiteral("----"));
    QCOMPARE(job->total(), 4);
    QList<MatrixCell> cells;
    MatrixResult result;
    connect(job, &MatrixJob::cellChanged, this, [&](const MatrixCell& cell) { cells << cell; });
    connect(job, &MatrixJob::finished, this, [&](const MatrixResult& ended) { result = ended; });
    QTRY_COMPARE(result.verdict, MatrixVerdict::Diagonal);
    QCOMPARE(cells.size(), 4);
    QCOMPARE(picture(result), QStringLiteral("ARRA"));
    QVERIFY(result.explanation.contains(QStringLiteral("sticky routing")));
    QCOMPARE(result.cells[1].failure.code, QStringLiteral("invalid_token"));
  }

  void someOfThem() {
    ScriptedServer a(Backend{"a", "memory", {"a"}}), b(Backend{"b", "memory", {"b"}});
    open({a.url(), b.url()});
    MatrixSpec spec;
    spec.members = {1};
    spec.ttlSec = 3;
    QCOMPARE(picture(run(spec)), QStringLiteral("A"));
    QCOMPARE(a.count("/operator/api/events/sse-token"), 0);
    for (const ScriptedRequest& request : b.requests()) {
      if (request.path.endsWith("/sse-token")) QCOMPARE(request.body, R"({"ttl_sec":3})");
    }
  }

  void silenceCostsTwoSecondsInAll() {
    const QByteArrayList all{"a", "b", "c"};
    Backend paused{"c", "hybrid", all};
    paused.silent = true;
    ScriptedServer a(Backend{"a", "hybrid", all}), b(Backend{"b", "hybrid", all}), c(paused);
    open({a.url(), b.url(), c.url()});
    QElapsedTimer timer;
    timer.start();
    const MatrixResult result = run();
    QVERIFY2(timer.elapsed() < 4000, qPrintable(QString::number(timer.elapsed())));
    QCOMPARE(picture(result), QStringLiteral("AA.AA.nnn"));
    QCOMPARE(result.cells[2].failure.kind, Failure::Kind::Timeout);
    QCOMPARE(result.verdict, MatrixVerdict::Partial);
    QVERIFY2(result.explanation.contains(QStringLiteral("doesn't answer in time")), qPrintable(result.explanation));
  }

  void noTokenToBeHad() {
    Backend full{"b", "redis", {"a"}};
    full.issueStatus = 503;
    ScriptedServer a(Backend{"a", "redis", {"a"}}), b(full);
    open({a.url(), b.url()});
    const MatrixResult result = run();
    QCOMPARE(picture(result), QStringLiteral("AAnn"));
    QCOMPARE(result.explanation,
             QStringLiteral("b issues no token (503 store_unavailable); for the others: every token "
                            "is valid on every instance."));
  }

  void aLifeThatItDoesNotAllow() {
    Backend strict{"a", "memory", {"a"}};
    strict.anyLife = false;
    ScriptedServer a(strict);
    open({a.url()});
    QCOMPARE(picture(run()), QStringLiteral("A"));
    MatrixSpec spec;
    spec.ttlSec = 5;  // an order, not a wish
    QCOMPARE(picture(run(spec)), QStringLiteral("n"));
  }

  void throughTheBalancer() {
    ScriptedServer a(Backend{"a", "memory", {"a"}}), b(Backend{"b", "memory", {"b"}});
    int turn = 0;
    ScriptedServer balancer([&](const ScriptedRequest& request) {
      return turn++ % 2 == 0 ? Backend{"a", "memory", {"a"}}(request) : Backend{"b", "memory", {"b"}}(request);
    });
    open({a.url(), b.url()}, balancer.url());
    QTRY_COMPARE(cluster_->instances()[1].id, QStringLiteral("b"));
    const MatrixResult result = run();
    QCOMPARE(result.cells.size(), 4 + 4 + 2 + 2);
    QCOMPARE(result.verdict, MatrixVerdict::Diagonal);
    int checks = 0;
    for (const auto& [name, count] : result.behindBalancer) checks += count;
    QCOMPARE(checks, 6);
    QCOMPARE(result.behindBalancer.size(), 2);
    MatrixSpec spec;
    spec.throughBalancer = false;
    QCOMPARE(run(spec).cells.size(), 4);
  }

  void readOnlyIssuesNothing() {
    ScriptedServer a(Backend{"a", "memory", {"a"}});
    open({a.url()});
    cluster_->setCanChange(false);
    const MatrixResult result = run();
    QCOMPARE(picture(result), QStringLiteral("n"));
    QCOMPARE(result.cells[0].failure.kind, Failure::Kind::ReadOnly);
    QCOMPARE(result.verdict, MatrixVerdict::None);
    QCOMPARE(a.count("/operator/api/events/sse-token"), 0);
  }

  void cancelledAtOnceOrLater() {
    Backend paused{"b", "memory", {"b"}};
    paused.silent = true;
    ScriptedServer a(Backend{"a", "memory", {"a"}}), b(paused);
    open({a.url(), b.url()});
    for (const bool atOnce : {true, false}) {
      MatrixJob* job = cluster_->testAcross({});
      std::optional<MatrixResult> result;
      connect(job, &MatrixJob::finished, this, [&](const MatrixResult& ended) { result = ended; });
      if (atOnce)
        job->cancel();
      else
        connect(job, &MatrixJob::cellChanged, job, [job] { job->cancel(); });
      QTRY_VERIFY(result);
      QVERIFY(result->explanation.startsWith(QStringLiteral("Cancelled")));
      QCOMPARE(result->verdict, atOnce ? MatrixVerdict::None : MatrixVerdict::Partial);
    }
  }

  void goesWithItsCluster() {
    Backend paused{"a", "memory", {"a"}};
    paused.silent = true;
    ScriptedServer a(paused);
    open({a.url()});
    MatrixJob* job = cluster_->testAcross({});
    QSignalSpy ends(job, &MatrixJob::finished);
    QTRY_VERIFY(a.count("/operator/api/events/sse-token") > 0);
    cluster_.reset();
    QCOMPARE(ends.size(), 0);
  }

  void asShellHasNoSecret() {
    ScriptedServer a(Backend{"a", "memory", {"a"}});
    open({a.url()}, QUrl(QStringLiteral("http://127.0.0.1:1")));
    QTRY_COMPARE(cluster_->instances()[0].id, QStringLiteral("a"));
    MatrixJob* job = cluster_->testAcross({});
    const QString shell = job->asShell();
    QVERIFY2(shell.contains(QStringLiteral("'a=%1' 'balancer=http://127.0.0.1:1'").arg(a.url().toString())),
             qPrintable(shell));
    QVERIFY(!shell.contains(QStringLiteral("a-principal")));
  }
};

QTEST_GUILESS_MAIN(MatrixJobTest)
#include "matrix_job_test.moc"
