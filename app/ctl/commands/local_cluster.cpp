#include <QJsonArray>

#include "cluster/local_cluster.h"
#include "ctl/commands/commands.h"
#include "ctl/words.h"

namespace vx11::ctl {
namespace {

using cluster::NodeInfo;

constexpr int mostInstances = 10, longestTtlSec = 86'400, highestPort = 65'535;

QString word(NodeInfo::State state) {
  switch (state) {
    case NodeInfo::State::Starting: break;
    case NodeInfo::State::Running: return QStringLiteral("running");
    case NodeInfo::State::Paused: return QStringLiteral("paused");
    case NodeInfo::State::Stopping: return QStringLiteral("stopping");
    case NodeInfo::State::Stopped: return QStringLiteral("stopped");
    case NodeInfo::State::Failed: return QStringLiteral("failed");
  }
  return QStringLiteral("starting");
}

/// Opens one, says where it is, and keeps it until it is interrupted.
class LocalCluster final : public Command {
 public:
  using Command::Command;

  QString read(const Arguments& arguments) override {
    for (const OptionSpec& option : connectionOptions()) {
      if (arguments.has(option.name) && option.name != QStringLiteral("--redis"))
        return tr("local-cluster opens a cluster of its own and takes no %1").arg(option.name);
    }
    QString error;
    options_.instances = arguments.number(QStringLiteral("--instances"), 1, mostInstances, error).value_or(3);
    const auto port = arguments.number(QStringLiteral("--port"), 0, highestPort, error);
    if (port) options_.firstPort = static_cast<quint16>(*port);
    options_.ttlSec = arguments.number(QStringLiteral("--ttl"), 1, longestTtlSec, error).value_or(options_.ttlSec);
    const auto servers = arguments.number(QStringLiteral("--redis-servers"), 1, 3, error);
    options_.redisServers = servers.value_or(1);
    if (options_.redisServers == 2 && error.isEmpty())
      return tr("--redis-servers takes 1 or 3: two can't outvote each other");
    showsPrincipal_ = arguments.has(QStringLiteral("--show-principal"));
    if (!error.isEmpty()) return error;
    return readRedis(arguments) + readMode(arguments);
  }

  std::unique_ptr<cluster::Cluster> open(const Connection&) override {
    auto opened = cluster::openLocalCluster(options_);
    connect(opened.get(), &cluster::Cluster::startFailed, this,
            [this](const QString& sentence) { failUnreachable({sentence}); });
    return opened;
  }

  void run(cluster::Cluster& cluster) override {
    cluster_ = &cluster;
    connect(&cluster, &cluster::Cluster::instanceChanged, this, &LocalCluster::look);
    connect(&cluster, &cluster::Cluster::redisChanged, this, &LocalCluster::look);
    connect(&cluster, &cluster::Cluster::settled, this, &LocalCluster::look);
    connect(cluster.supervisor(), &cluster::Supervisor::changed, this, [this](int node) {
      if (ready_) tellOf(cluster_->supervisor()->nodes()[node]);
      else look();
    });
    look();
  }

  void interrupt() override { finish(ready_ ? Exit::Worked : Exit::No); }

 private:
  QString readRedis(const Arguments& arguments) {
    if (!arguments.has(QStringLiteral("--redis"))) return {};
    const QString text = arguments.value(QStringLiteral("--redis"));
    options_.redisUrl = Secret(text.toStdString());
    return readRedisAddress(text).error;
  }

  QString readMode(const Arguments& arguments) {
    static const QStringList modes{QStringLiteral("memory"), QStringLiteral("redis"), QStringLiteral("hybrid")};
    if (!arguments.has(QStringLiteral("--mode"))) return {};
    options_.mode = arguments.value(QStringLiteral("--mode"));
    return modes.contains(options_.mode) ? QString()
                                         : tr("--mode takes memory, redis or hybrid, not \"%1\"").arg(options_.mode);
  }

  [[nodiscard]] bool isUp(const NodeInfo& node) const {
    if (node.state != NodeInfo::State::Running) return false;
    if (node.slot < 0) return !cluster_->redis().address.isEmpty();  // an instance has told of it
    const auto state = cluster_->instances()[node.slot].state;
    return state == cluster::InstanceState::Live || state == cluster::InstanceState::Degraded;
  }
  [[nodiscard]] static bool isDown(const NodeInfo& node) {
    return node.state == NodeInfo::State::Failed || node.state == NodeInfo::State::Stopped;
  }

  void look() {
    if (ready_ || hasFinished()) return;
    const QList<NodeInfo>& nodes = cluster_->supervisor()->nodes();
    const auto up = std::count_if(nodes.begin(), nodes.end(), [this](const auto& node) { return isUp(node); });
    const auto down = std::count_if(nodes.begin(), nodes.end(), isDown);
    out_.progress(tr("%1 of %2 processes").arg(up).arg(nodes.size()));
    if (up + down < nodes.size()) return;
    if (down > 0) {
      QStringList reasons;
      for (const NodeInfo& node : nodes)
        if (isDown(node)) reasons.append(QStringLiteral("%1: %2").arg(node.name, node.reason));
      return failUnreachable(reasons);
    }
    if (!cluster_->isSettled()) return;  // ready is: whoever asks one of them finds all
    ready_ = true;
    tellReady();
  }

  void tellReady() {
    using enum Table::Side;
    Table table({{tr("PROCESS")}, {tr("PID"), Right}, {tr("ADDRESS")}});
    QJsonArray instances, servers, sentinels;
    QJsonObject redis;
    for (const NodeInfo& node : cluster_->supervisor()->nodes()) {
      const bool isRedis = node.kind != NodeInfo::Kind::Instance;
      const QString address = isRedis ? node.address : cluster_->instances()[node.slot].url.toString();
      QJsonObject object{{isRedis ? QStringLiteral("address") : QStringLiteral("url"), address},
                         {QStringLiteral("pid"), node.pid}};
      if (isRedis) {
        if (redis.isEmpty()) redis = object;  // the first master
        object.insert(QStringLiteral("name"), node.name);
        (node.kind == NodeInfo::Kind::Sentinel ? sentinels : servers).append(object);
      } else {
        object.insert(QStringLiteral("id"), node.name);
        instances.append(object);
      }
      table.add({{node.name}, {QString::number(node.pid)}, {address}});
    }
    QJsonObject event{{QStringLiteral("event"), QStringLiteral("ready")},
                      {QStringLiteral("instances"), instances},
                      {QStringLiteral("redis"), redis.isEmpty() ? QJsonValue() : QJsonValue(redis)}};
    if (servers.size() > 1) {
      event.insert(QStringLiteral("redis_servers"), servers);
      event.insert(QStringLiteral("sentinels"), sentinels);
    }
    const Secret principal = cluster_->localPrincipal();
    const auto value = principal.reveal();
    const QString text = QString::fromUtf8(value.data(), std::ssize(value));
    if (showsPrincipal_) event.insert(QStringLiteral("principal"), text);
    out_.event(event);
    out_.table(table);
    if (showsPrincipal_) out_.line(tr("principal: %1").arg(text));
    else if (qEnvironmentVariableIsEmpty("VX11_OPERATOR_TOKEN"))
      out_.note(tr("the principal was made for this run: --show-principal prints it, or set VX11_OPERATOR_TOKEN"));
    if (const QString why = cluster_->whyNotDiscovered(); !why.isEmpty()) out_.note(why);
    out_.note(tr("interrupt it to end it"));
  }

  void tellOf(const NodeInfo& node) {
    out_.event({{QStringLiteral("event"), QStringLiteral("process")},
                {QStringLiteral("name"), node.name},
                {QStringLiteral("state"), word(node.state)},
                {QStringLiteral("pid"), node.pid > 0 ? QJsonValue(node.pid) : QJsonValue()},
                {QStringLiteral("reason"), orNull(node.reason)}});
    const QString line = QStringLiteral("%1  %2").arg(node.name, word(node.state));
    out_.line(node.reason.isEmpty() ? line : QStringLiteral("%1: %2").arg(line, node.reason),
              isDown(node) ? Tone::Bad : Tone::Plain);
  }

  cluster::LocalClusterOptions options_;
  cluster::Cluster* cluster_ = nullptr;
  bool showsPrincipal_ = false, ready_ = false;
};

}  // namespace

CommandSpec localClusterCommand() {
  return {{.name = QStringLiteral("local-cluster"),
           .words = {},
           .summary = tr("run instances and a Redis of their own, until it is interrupted"),
           .options = {{QStringLiteral("--instances"), QStringLiteral("N"), tr("how many, 1 to 10 (3)")},
                       {QStringLiteral("--mode"), QStringLiteral("MODE"), tr("memory, redis or hybrid (hybrid)")},
                       {QStringLiteral("--port"), QStringLiteral("N"), tr("the first one to try (8011); 0: any")},
                       {QStringLiteral("--redis-servers"), QStringLiteral("N"),
                        tr("1, or 3 with three sentinels (1)")},
                       {QStringLiteral("--ttl"), QStringLiteral("S"), tr("seconds tokens live (60)")},
                       {QStringLiteral("--show-principal"), {}, tr("print it")}}},
          {},
          true,
          [](Output& output) -> std::unique_ptr<Command> { return std::make_unique<LocalCluster>(output); }};
}

}  // namespace vx11::ctl
