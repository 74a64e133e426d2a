// A rollback over a LiveCluster whose instances are scripted: what they are sent, and that nobody changes them against
// the operator's will.
#include <QJsonDocument>
#include <QJsonObject>
#include <QSignalSpy>
#include <QTest>

#include "cluster/live_cluster.h"
#include "core/cluster/scripted_server.h"

using namespace vx11::cluster;
using testing::ScriptedReply;
using testing::ScriptedRequest;
using testing::ScriptedServer;
using Result = RollbackOutcome::Result;
using State = RollbackStep::State;

namespace {

/// An instance with a mode. Its token holds on all that are in hybrid, or on itself.
struct Node {
  QByteArray name = "a", mode = "hybrid", heldBy;
  int drainMs = 0, gateStatus = 200;
  bool silentPost = false;
  QList<QJsonObject> posts;

  ScriptedReply operator()(const ScriptedRequest& request) {
    ScriptedReply reply;
    if (request.path.endsWith("/mode")) {
      if (request.method == "POST") {
        const QJsonObject body = QJsonDocument::fromJson(request.body).object();
        posts << body;
        reply.silent = silentPost;
        mode = body.value(u"mode").toString().toLatin1();
      }
      reply.body =
          R"({"mode":")" + mode + R"(","configured":"hybrid","draining":)" +
          (drainMs > 0 && mode == "memory" ? R"({"from":"hybrid","remaining_ms":)" + QByteArray::number(drainMs) + "}"
                                           : QByteArray("null")) +
          R"(,"held_by":)" + (heldBy.isEmpty() ? "null" : R"({"operation_id":"x","owner":")" + heldBy + "\"}") + "}";
    } else if (request.path.endsWith("/sse-token")) {
      reply.status = gateStatus;
      reply.body = R"({"sse_token":")" + mode + "-token-of-" + name + R"(","expires_in_sec":10})";
    } else if (request.path.endsWith("/validate")) {
      const bool shared = mode == "hybrid" && request.query.contains("=hybrid-");
      reply.status = shared || request.query.endsWith("-of-" + name) ? 200 : 403;
      reply.body = reply.status == 200 ? R"({"valid":true,"expires_in_ms":9000})" : R"({"detail":"invalid_token"})";
    } else if (request.path.endsWith("/cache-stats")) {
      reply.body = R"({"instance_id":")" + name + R"(","mode":")" + mode +
                   R"(","state":"ready","redis":{"configured":true,"up":true}})";
    } else {
      reply.status = 404;
    }
    return reply;
  }
};

}  // namespace

class RollbackJobTest : public QObject {
  Q_OBJECT
  vx11::SystemClock clock_;
  vx11::SystemRandom random_;
  std::array<Node, 3> nodes_;
  std::vector<std::unique_ptr<ScriptedServer>> servers_;
  std::unique_ptr<LiveCluster> cluster_;
  std::optional<RollbackOutcome> outcome_;
  QPointer<RollbackJob> job_;
  QList<RollbackStep> steps_;  ///< as they were at its end

  void start(const QString& to = QStringLiteral("memory"), bool dryRun = false) {
    RollbackSpec spec;
    spec.to = to;
    spec.dryRun = dryRun;
    spec.owner = QStringLiteral("me@here");
    outcome_.reset();
    job_ = cluster_->rollBack(spec);
    connect(job_, &RollbackJob::finished, this, [this](const RollbackOutcome& outcome) {
      outcome_ = outcome;
      steps_ = job_->steps();
    });
  }
  [[nodiscard]] QByteArray modes() const { return nodes_[0].mode + ' ' + nodes_[1].mode + ' ' + nodes_[2].mode; }
  [[nodiscard]] QStringList logged() const {
    QStringList events;
    for (const LogEntry& entry : cluster_->journal().entries()) events << entry.event;
    return events;
  }

 private Q_SLOTS:
  void init() {
    cluster_ = std::make_unique<LiveCluster>(Profile{}, clock_, random_);
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      nodes_[i] = Node{};
      nodes_[i].name = QByteArray(1, static_cast<char>('a' + i));
      servers_.push_back(
          std::make_unique<ScriptedServer>([this, i](const auto& request) { return nodes_[i](request); }));
      cluster_->connectInstance(cluster_->addInstance({}), servers_[i]->url(), vx11::Secret("a-principal-0123456789"));
    }
    QTRY_COMPARE(cluster_->instances()[2].state, InstanceState::Live);
    QTRY_COMPARE(cluster_->instances()[0].state, InstanceState::Live);
    QTRY_COMPARE(cluster_->instances()[1].state, InstanceState::Live);
  }
  void cleanup() {
    cluster_.reset();
    servers_.clear();
  }

  void thereAndBack() {
    start();
    QSignalSpy replanned(job_, &RollbackJob::stepsChanged), changed(job_, &RollbackJob::stepChanged);
    QTRY_VERIFY(outcome_);
    QCOMPARE(outcome_->result, Result::Done);
    QCOMPARE(modes(), "memory memory memory");
    QCOMPARE(replanned.size(), 1);
    QVERIFY(changed.size() >= 9);
    const QString id = nodes_[0].posts[0].value(u"operation_id").toString();
    QCOMPARE(id.size(), 36);
    for (const Node& node : nodes_) {
      QCOMPARE(node.posts.size(), 2);
      for (const QJsonObject& post : node.posts) {
        QCOMPARE(post.value(u"operation_id").toString(), id);
        QCOMPARE(post.value(u"owner").toString(), QStringLiteral("me@here"));
      }
      QVERIFY(!node.posts[0].contains(u"release"));
      QVERIFY(node.posts[1].value(u"release").toBool());
    }
    QCOMPARE(logged().count(QStringLiteral("rollback_begun")), 1);
    QCOMPARE(logged().count(QStringLiteral("rollback_ended")), 1);
    QTRY_VERIFY(!job_);
    start(QStringLiteral("hybrid"));
    QTRY_VERIFY(outcome_);
    QCOMPARE(outcome_->result, Result::Done);
    QCOMPARE(modes(), "hybrid hybrid hybrid");
  }

  void theDrainWindowCountsDownAfterTheEnd() {
    nodes_[1].drainMs = 1500;
    start();
    QTRY_VERIFY(outcome_);
    QCOMPARE(outcome_->result, Result::Done);
    QVERIFY(job_);
    QCOMPARE(job_->steps().last().state, State::Running);
    QVERIFY(job_->steps().last().remainingMs > 1000);
    QVERIFY(job_->done() < job_->total());
    QSignalSpy ends(job_, &QObject::destroyed);
    State last = State::Waiting;
    connect(job_, &RollbackJob::stepChanged, this, [&](int index) { last = job_->steps()[index].state; });
    QVERIFY(ends.wait(5000));
    QCOMPARE(last, State::Done);
  }
  void theCountCanBeEnded() {
    nodes_[1].drainMs = 60'000;
    start();
    QTRY_VERIFY(outcome_);
    job_->cancel();
    QTRY_VERIFY(!job_);
    QCOMPARE(modes(), "memory memory memory");
  }

  void dryRunChangesNothing() {
    cluster_->setCanChange(false);  // it may look all the same
    start(QStringLiteral("memory"), true);
    QTRY_VERIFY(outcome_);
    QCOMPARE(outcome_->result, Result::Done);
    QCOMPARE(modes(), "hybrid hybrid hybrid");
    for (const auto& server : servers_) QCOMPARE(server->count("/operator/api/events/sse-token"), 0);
    QCOMPARE(steps_[1].from, QStringLiteral("hybrid"));
    QVERIFY(!logged().contains(QStringLiteral("rollback_begun")));
  }

  void readOnlyRefuses() {
    cluster_->setCanChange(false);
    start();
    QTRY_VERIFY(outcome_);
    QCOMPARE(outcome_->result, Result::Refused);
    QCOMPARE(outcome_->failure.kind, Failure::Kind::ReadOnly);
    for (const auto& server : servers_) QCOMPARE(server->count("/operator/internal/mode"), 0);
  }
  void readOnlyInTheMiddlePutsBack() {
    start();
    connect(job_, &RollbackJob::stepChanged, this, [this](int index) {
      if (index == 1 && job_->steps()[1].state == State::Done) cluster_->setCanChange(false);
    });
    QTRY_VERIFY(outcome_);
    QCOMPARE(outcome_->result, Result::Aborted);
    QCOMPARE(outcome_->failure.kind, Failure::Kind::ReadOnly);
    QCOMPARE(modes(), "hybrid hybrid hybrid");
    QVERIFY(nodes_[1].posts.isEmpty());
  }

  void heldByAnother() {
    nodes_[1].heldBy = "eve@there";
    start();
    QTRY_VERIFY(outcome_);
    QCOMPARE(outcome_->result, Result::Refused);
    QVERIFY(outcome_->reason.contains(QStringLiteral("eve@there")));
    QCOMPARE(modes(), "hybrid hybrid hybrid");
  }

  void aGateThatFails() {
    nodes_[1].gateStatus = 403;
    start();
    QTRY_VERIFY(outcome_);
    QCOMPARE(outcome_->result, Result::Aborted);
    QVERIFY(!outcome_->restored);  // its gate fails in its own mode, too
    QCOMPARE(outcome_->reason, QStringLiteral("b refuses (403); not restored: b."));
    QCOMPARE(modes(), "hybrid hybrid hybrid");
    QVERIFY(nodes_[2].posts.isEmpty());
  }

  void abortInTheMiddle() {
    start();
    connect(job_, &RollbackJob::stepChanged, this, [this](int index) {
      if (index == 3 && job_->steps()[3].state == State::Done) job_->cancel();
    });
    QTRY_VERIFY(outcome_);
    QCOMPARE(outcome_->result, Result::Aborted);
    QVERIFY(outcome_->restored);
    QCOMPARE(modes(), "hybrid hybrid hybrid");
    QCOMPARE(nodes_[1].posts.size(), 3);
    QVERIFY(nodes_[1].posts[2].value(u"release").toBool());
    QCOMPARE(nodes_[0].posts[1].value(u"operation_id"), nodes_[0].posts[0].value(u"operation_id"));
    QVERIFY(nodes_[2].posts.isEmpty());
    QCOMPARE(steps_.last().kind, RollbackStep::Kind::Restore);
    QCOMPARE(steps_.last().instance, QStringLiteral("a"));
  }

  void pauseAndResume() {
    start();
    connect(job_, &RollbackJob::stepChanged, this, [this](int index) {
      if (index == 1 && job_->steps()[1].state == State::Done) job_->pause();
    });
    QTRY_COMPARE(job_->steps()[2].state, State::Done);
    QVERIFY(job_->paused());
    QTest::qWait(50);
    QVERIFY(nodes_[1].posts.isEmpty() && !outcome_);
    job_->resume();
    QTRY_VERIFY(outcome_);
    QCOMPARE(modes(), "memory memory memory");
  }
  void pausedAndAborted() {
    start();
    job_->pause();
    QTRY_COMPARE(job_->steps()[0].state, State::Done);
    job_->cancel();
    QTRY_VERIFY(outcome_);
    QCOMPARE(outcome_->result, Result::Aborted);
    QVERIFY(nodes_[0].posts.isEmpty());
  }

  void whatMayHaveChangedIsPutBack() {
    nodes_[0].silentPost = true;  // it does what it is told, and its answer is lost
    start();
    connect(job_, &RollbackJob::stepsChanged, this, [this] {
      if (job_->steps().last().kind == RollbackStep::Kind::Restore) nodes_[0].silentPost = false;
    });
    QTRY_VERIFY_WITH_TIMEOUT(outcome_, 15'000);
    QCOMPARE(outcome_->result, Result::Aborted);
    QVERIFY(outcome_->restored);
    QCOMPARE(modes(), "hybrid hybrid hybrid");
  }

  void goesWithItsCluster() {
    start();
    QSignalSpy ends(job_, &RollbackJob::finished);
    QTRY_VERIFY(!nodes_[0].posts.isEmpty());
    cluster_.reset();
    QCOMPARE(ends.size(), 0);
    QVERIFY(!job_);
  }
};

QTEST_GUILESS_MAIN(RollbackJobTest)
#include "rollback_job_test.moc"
