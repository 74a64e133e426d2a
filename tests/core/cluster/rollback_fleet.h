// Three scripted instances with modes, and a LiveCluster over them: what an operation on the whole cluster sends them.
#pragma once

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>
#include <array>

#include "cluster/live_cluster.h"
#include "core/cluster/scripted_server.h"

namespace vx11::cluster::testing {

/// An instance with a mode and a hold on it. Its token holds on all that are in hybrid, or on itself.
struct Node {
  QByteArray name = "a", mode = "hybrid";
  QString operation, owner;  ///< who holds the mode
  bool lapsed = false;
  int drainMs = 0, gateStatus = 200;
  bool silentPost = false;
  bool foreign = false;           ///< a backend with the public calls only
  double startedAt = 1000;        ///< of its process
  int accepted = 0, refused = 0;  ///< checks of tokens
  QList<QJsonObject> posts = {};  ///< that ask for a mode
  QList<QJsonObject> signs = {};  ///< that ask for none

  ScriptedReply operator()(const ScriptedRequest& request) {
    ScriptedReply reply;
    reply.extraHeaders = "X-VX11-Instance: " + name + "\r\n";
    if (request.path.endsWith("/sse-token")) {
      reply.status = gateStatus;
      reply.body = R"({"sse_token":")" + mode + "-token-of-" + name + R"(","expires_in_sec":10})";
    } else if (request.path.endsWith("/stream") || (request.path.endsWith("/validate") && !foreign)) {
      const bool shared = mode == "hybrid" && request.query.contains("=hybrid-");
      const bool holds = shared || request.query.endsWith("-of-" + name);
      ++(holds ? accepted : refused);
      reply.status = holds ? 200 : 403;
      reply.body = holds ? R"({"valid":true,"expires_in_ms":9000})" : R"({"detail":"invalid_token"})";
      if (holds && request.path.endsWith("/stream")) {
        reply.contentType = "text/event-stream";
        reply.body = "event: hello\ndata: {}\n\n";
        reply.stays = true;
      }
    } else if (request.path.endsWith("/health")) {
      reply.body = R"({"status":"ok","instance_id":")" + name + R"(","mode":")" + mode + "\"}";
    } else if (foreign) {
      reply.status = 404;
    } else if (request.path.endsWith("/mode")) {
      answerMode(request, reply);
    } else if (request.path.endsWith("/cache-stats")) {
      reply.body = R"({"instance_id":")" + name + R"(","mode":")" + mode + R"(","state":"ready","started_at":)" +
                   QByteArray::number(startedAt) + R"(,"checks":{"accepted":)" + QByteArray::number(accepted) +
                   R"(,"refused":)" + QByteArray::number(refused) + R"(},"redis":{"configured":true,"up":true}})";
    } else {
      reply.status = 404;
    }
    return reply;
  }

 private:
  void answerMode(const ScriptedRequest& request, ScriptedReply& reply) {
    if (request.method == "POST") {
      const QJsonObject body = QJsonDocument::fromJson(request.body).object();
      const QString asks = body.value(u"operation_id").toString();
      if (!operation.isEmpty() && operation != asks && !lapsed) {
        reply.status = 409;
        reply.body = R"({"detail":"mode_held","held_by":)" + holder() + "}";
        return;
      }
      const bool isSign = !body.contains(u"mode");
      (isSign ? signs : posts) << body;
      reply.silent = silentPost && !isSign;
      if (!isSign) mode = body.value(u"mode").toString().toLatin1();
      operation = body.value(u"release").toBool() ? QString() : asks;
      owner = body.value(u"owner").toString();
      lapsed = false;
    }
    reply.body =
        R"({"mode":")" + mode + R"(","configured":"hybrid","draining":)" +
        (drainMs > 0 && mode == "memory" ? R"({"from":"hybrid","remaining_ms":)" + QByteArray::number(drainMs) + "}"
                                         : QByteArray("null")) +
        R"(,"held_by":)" + (operation.isEmpty() ? QByteArray("null") : holder()) + "}";
  }
  [[nodiscard]] QByteArray holder() const {
    return QJsonDocument(QJsonObject{{QStringLiteral("operation_id"), operation},
                                     {QStringLiteral("owner"), owner},
                                     {QStringLiteral("since"), 1'700'000'000},
                                     {QStringLiteral("last_sign"), 1'700'000'010},
                                     {QStringLiteral("lapsed"), lapsed}})
        .toJson(QJsonDocument::Compact);
  }
};

/// The system's, and what a test adds.
class LeapingClock final : public vx11::Clock {
 public:
  [[nodiscard]] vx11::Instant now() const noexcept override { return system_.now() + leapt_; }
  [[nodiscard]] vx11::WallTime wall() const noexcept override { return system_.wall() + leapt_; }
  void leap(std::chrono::minutes by) { leapt_ += by; }

 private:
  vx11::SystemClock system_;
  std::chrono::minutes leapt_{0};
};

class Fleet {
 public:
  LeapingClock clock;
  std::array<Node, 3> nodes;
  std::unique_ptr<LiveCluster> cluster;

  Fleet() {
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      nodes[i].name = QByteArray(1, static_cast<char>('a' + i));
      servers_.push_back(
          std::make_unique<ScriptedServer>([this, i](const auto& request) { return nodes[i](request); }));
    }
  }
  /// A cluster over them, once all of them answered; another takes its place, as another console would.
  [[nodiscard]] bool open(Profile profile = {}) {
    profile.kind = ProfileKind::RemoteCluster;
    cluster = std::make_unique<LiveCluster>(profile, clock, random_);
    for (const auto& server : servers_) {
      cluster->connectInstance(cluster->addInstance({}), server->url(), vx11::Secret("a-principal-0123456789"));
    }
    return QTest::qWaitFor([this] {
      const auto& all = cluster->instances();
      return std::all_of(all.begin(), all.end(),
                         [](const InstanceInfo& info) { return info.state == InstanceState::Live; });
    });
  }
  [[nodiscard]] QByteArray modes() const { return nodes[0].mode + ' ' + nodes[1].mode + ' ' + nodes[2].mode; }
  [[nodiscard]] const ScriptedServer& server(std::size_t i) const { return *servers_[i]; }
  [[nodiscard]] QStringList logged() const {
    QStringList events;
    for (const LogEntry& entry : cluster->journal().entries()) events << entry.event;
    return events;
  }
  [[nodiscard]] QStringList said(const QString& event) const {
    QStringList texts;
    for (const LogEntry& entry : cluster->journal().entries()) {
      if (entry.event == event) texts << entry.fields.value(QStringLiteral("text")).toString();
    }
    return texts;
  }

 private:
  vx11::SystemRandom random_;
  std::vector<std::unique_ptr<ScriptedServer>> servers_;
};

/// An operation and what came of it.
class Operation : public QObject {
 public:
  QPointer<RollbackJob> job;
  std::optional<RollbackOutcome> outcome;
  QList<RollbackStep> steps;  ///< as they were at its end

  void follow(RollbackJob* begun) {
    outcome.reset();
    job = begun;
    connect(job, &RollbackJob::finished, this, [this](const RollbackOutcome& told) {
      outcome = told;
      steps = job->steps();
    });
  }
  [[nodiscard]] static int indexOf(const QList<RollbackStep>& steps, RollbackStep::Kind kind,
                                   const QString& name = {}) {
    for (qsizetype i = 0; i < steps.size(); ++i) {
      if (steps[i].kind == kind && (name.isEmpty() || steps[i].instance == name)) return static_cast<int>(i);
    }
    return -1;
  }
  [[nodiscard]] RollbackStep::State stateOf(RollbackStep::Kind kind, const QString& name = {}) const {
    const QList<RollbackStep>& all = job && !outcome ? job->steps() : steps;
    const int index = indexOf(all, kind, name);
    return index < 0 ? RollbackStep::State::Waiting : all[index].state;
  }
  /// Calls it once when that step gets there.
  template <typename Then>
  void when(RollbackStep::Kind kind, const QString& name, RollbackStep::State state, Then then) {
    connect(job, &RollbackJob::stepChanged, this, [=, this, done = false](int index) mutable {
      const RollbackStep& step = job->steps()[index];
      if (done || step.kind != kind || step.state != state || (!name.isEmpty() && step.instance != name)) return;
      done = true;
      then();
    });
  }
};

}  // namespace vx11::cluster::testing
