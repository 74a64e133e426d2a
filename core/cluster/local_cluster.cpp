#include "cluster/local_cluster.h"

#include <unistd.h>

#include <QDir>
#include <QFile>
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <utility>

#include "cluster/local_cluster_live.h"
#include "cluster/local_principals.h"
#include "cluster/redis_address.h"

namespace vx11::cluster {
namespace local {
namespace {

using State = NodeInfo::State;
constexpr int mostInstances = 10, readyPollMs = 10, redisGroup = 3;
constexpr std::chrono::milliseconds copyWait{4'000};
constexpr std::chrono::milliseconds goodbyeWait{1000};
const auto folderPrefix = QStringLiteral("vx11-cluster-");

bool hasPrivateRedis(const LocalClusterOptions& options) {
  return options.redisUrl.empty() && options.mode != QStringLiteral("memory");
}

QString noTokend() {
  return LocalCluster::tr(
      "The program vx11-tokend is neither beside this program nor on the PATH: a local cluster "
      "runs several of it.");
}
QString noRedis() {
  return LocalCluster::tr(
      "A local cluster needs a Redis server: install the program redis-server (Debian package "
      "redis-server), or name one that runs: VX11_OPERATOR_REDIS_URL for the console, --redis for vx11ctl.");
}

Profile profileOf(const LocalClusterOptions& options) {
  Profile profile;
  profile.name = LocalCluster::tr("Local cluster");
  profile.kind = ProfileKind::LocalCluster;
  profile.instanceCount = std::clamp(options.instances, 1, mostInstances);
  profile.mode = options.mode;
  if (!options.redisUrl.empty()) {
    const auto url = options.redisUrl.reveal();
    profile.redis = redis_address::withoutSecrets(QString::fromUtf8(url.data(), std::ssize(url)));
  }
  return profile;
}

/// With our number: who finds it after us sees whether we still live.
QString makeFolderName() {
  return folderPrefix + QString::number(QCoreApplication::applicationPid()) + QStringLiteral("-XXXXXX");
}

/// The folders of those that were killed: port numbers, and passwords of sentinels that ended with them.
void removeFoldersOfTheDead() {
  const QDir all(QDir::tempPath());
  const auto folders = all.entryInfoList({folderPrefix + u'*'}, QDir::Dirs | QDir::NoSymLinks);
  for (const QFileInfo& folder : folders) {
    bool number = false;
    const auto pid = folder.fileName().mid(folderPrefix.size()).section(u'-', 0, 0).toInt(&number);
    const bool ours = number && pid > 0 && folder.ownerId() == ::getuid();
    if (ours && ::kill(pid, 0) != 0 && errno == ESRCH) QDir(folder.filePath()).removeRecursively();
  }
}

NodeInfo nodeInfo(const QString& name, NodeInfo::Kind kind, int slot) {
  NodeInfo info;
  info.name = name;
  info.kind = kind;
  info.slot = slot;
  return info;
}

}  // namespace

LocalCluster::LocalCluster(const LocalClusterOptions& options)
    : LiveCluster(profileOf(options), systemClock, systemRandom),
      options_(options),
      principals_(findLocalPrincipals(systemRandom)),
      folder_(QDir::tempPath() + u'/' + makeFolderName()) {
  removeFoldersOfTheDead();
  connect(&supervisor_, &Supervisor::changed, this, &LocalCluster::onChanged);
  for (int i = 0; i < profile().instanceCount; ++i) {
    const QString name(QChar(static_cast<char16_t>(u'a' + i)));
    addNode(nodeInfo(name, NodeInfo::Kind::Instance, addInstance(name)), [this, i] { return launchInstance(i); });
  }
  if (hasPrivateRedis(options)) addRedis();
  if (redis_ || !options.redisUrl.empty()) {
    QStringList names;
    for (const InstanceInfo& instance : instances()) names.append(instance.id);
    acquaintance_ = std::make_unique<Acquaintance>(names, [this](int slot) { return clientOf(slot); });
    connect(acquaintance_.get(), &Acquaintance::over, this, &Cluster::settled);
  }
  readyTimer_.setInterval(readyPollMs);
  connect(&readyTimer_, &QTimer::timeout, this, &LocalCluster::lookWhoListens);
  copying_.setSingleShot(true);
  copying_.setInterval(copyWait);
  connect(&copying_, &QTimer::timeout, this, &LocalCluster::startWaiting);
  QTimer::singleShot(0, this, &LocalCluster::open);  // so that whoever opens us hears of a failure
}

LocalCluster::~LocalCluster() {
  acquaintance_.reset();
  supervisor_.sayGoodbye(goodbyeWait);
}

QString LocalCluster::whyNotDiscovered() const {
  if (!acquaintance_ || acquaintance_->strangers().isEmpty()) return {};
  return tr("By the registry in Redis the others aren't all found yet from %1.")
      .arg(acquaintance_->strangers().join(QStringLiteral(", ")));
}

void LocalCluster::retryNow() {
  if (opened_)
    LiveCluster::retryNow();
  else
    open();
}

void LocalCluster::addRedis() {
  redis_.emplace(options_.redisServers > 1 ? redisGroup : 1, folder_.path(), systemRandom);
  serverNode_ = static_cast<int>(nodes_.size());
  for (int i = 0; i < redis_->servers(); ++i)
    addNode(nodeInfo(redis_->serverName(i), NodeInfo::Kind::Redis, -1),
            [this, number = serverNode_ + i] { return launchServer(number); });
  sentinelNode_ = static_cast<int>(nodes_.size());
  for (int i = 0; i < redis_->sentinels(); ++i)
    addNode(nodeInfo(LocalRedis::sentinelName(i), NodeInfo::Kind::Sentinel, -1),
            [this, number = sentinelNode_ + i] { return launchSentinel(number); });
}

void LocalCluster::addNode(NodeInfo info, LocalNode::MakeLaunch makeLaunch) {
  auto made = std::make_unique<LocalNode>(std::move(info), std::move(makeLaunch));
  LocalNode* const added = made.get();
  nodes_.emplace_back();
  const int number = supervisor_.add(std::move(made));
  connect(added, &LocalNode::wrote, this, [this, number](const auto& lines) { onLines(number, lines); });
  connect(added, &LocalNode::droppedLines, this, [this, number](qint64 count) {
    log(Severity::Warning, nameOf(number), QStringLiteral("process_lines_dropped"), {{QStringLiteral("count"), count}});
  });
  added->await();
}

QString LocalCluster::portFileOf(int number) const {
  return folder_.filePath(nameOf(number) + QStringLiteral(".port"));
}

// Programs are looked for at every start: one that is installed meanwhile is found.
LaunchResult LocalCluster::launchInstance(int number) {
  const auto program = findTokend(options_.tokendProgram);
  if (!program) return noTokend();
  // Without its address they would ask whatever Redis is on the usual port.
  if (redis_ && !haveServed(serverNode_, 1)) return tr("Redis was never started: start it first.");
  Node& mine = node(number);
  if (!mine.served && options_.firstPort != 0) {
    QList<quint16> taken;
    for (const Node& other : nodes_)
      if (&other != &mine) taken.append(other.port);
    mine.port = freePortFrom(static_cast<quint16>(options_.firstPort + mine.tries), taken);
  }
  QFile::remove(portFileOf(number));
  return instanceLaunch(*program, {nameOf(number), options_.mode, portFileOf(number), mine.port, options_.ttlSec},
                        principals_, redis_ ? redis_->access() : RedisAccess{0, {}, options_.redisUrl, {}});
}

LaunchResult LocalCluster::launchServer(int number) {
  const auto program = findRedis(options_.redisProgram);
  if (!program) return noRedis();
  const int place = number - serverNode_;
  auto launch = redis_->launchServer(*program, place, !node(number).served);
  supervisor_.node(number).setAddress(redis_->serverAddress(place));
  return launch;
}

LaunchResult LocalCluster::launchSentinel(int number) {
  const auto program = findRedis(options_.redisProgram);
  if (!program) return noRedis();
  if (!haveServed(serverNode_, 1)) return tr("Redis was never started: start it first.");
  const int place = number - sentinelNode_;
  auto launch = redis_->launchSentinel(*program, place, !node(number).served);
  supervisor_.node(number).setAddress(redis_->sentinelAddress(place));
  return launch;
}

bool LocalCluster::haveServed(int first, int count) const {
  const auto begin = nodes_.begin() + first;
  return std::all_of(begin, begin + count, [](const Node& one) { return one.served; });
}

bool LocalCluster::isItsTurn(int number) const {
  if (!redis_ || number == serverNode_) return true;
  switch (supervisor_.nodes()[number].kind) {
    case NodeInfo::Kind::Redis:
      return haveServed(serverNode_, 1);
    // A sentinel looks for replicas every ten seconds: it should find them at its first look.
    case NodeInfo::Kind::Sentinel:
      return haveServed(serverNode_, redis_->servers()) && (copies_ >= redis_->servers() - 1 || !copying_.isActive());
    case NodeInfo::Kind::Instance:
      break;
  }
  return haveServed(serverNode_, redis_->servers()) && haveServed(sentinelNode_, redis_->sentinels());
}

void LocalCluster::open() {
  if (const auto problem = whyNoLocalCluster(options_)) return giveUp(*problem);
  if (!folder_.isValid()) return giveUp(folder_.errorString());
  opened_ = true;
  for (int number = 0; number < std::ssize(nodes_); ++number) supervisor_.node(number).await();
  copying_.start();
  startWaiting();
}

void LocalCluster::giveUp(const QString& sentence) {
  opened_ = false;
  log(Severity::Error, QStringLiteral("console"), QStringLiteral("start_failed"), {{QStringLiteral("text"), sentence}});
  for (int number = 0; number < std::ssize(nodes_); ++number) {
    if (supervisor_.nodes()[number].state == State::Starting) supervisor_.node(number).setStopped(sentence);
  }
  Q_EMIT startFailed(sentence);
}

void LocalCluster::startWaiting() {
  for (int number = 0; number < std::ssize(nodes_); ++number) {
    const NodeInfo& info = supervisor_.nodes()[number];
    if (info.state == State::Starting && info.pid == 0 && isItsTurn(number)) supervisor_.node(number).start();
  }
}

void LocalCluster::lookWhoListens() {
  bool waits = false;
  for (int number = 0; number < std::ssize(nodes_); ++number) {
    const NodeInfo& info = supervisor_.nodes()[number];
    if (info.kind != NodeInfo::Kind::Instance || info.state != State::Starting || info.pid == 0) continue;
    QFile file(portFileOf(number));
    const quint16 port = file.open(QIODevice::ReadOnly) ? file.readAll().trimmed().toUShort() : quint16{0};
    if (port == 0) {
      waits = true;
      continue;
    }
    node(number).port = port;
    node(number).served = true;
    supervisor_.node(number).setReady();
  }
  if (!waits) readyTimer_.stop();
}

}  // namespace local

LocalClusterOptions orWithGivenRedis(LocalClusterOptions options) {
  if (!local::hasPrivateRedis(options) || local::findRedis(options.redisProgram)) return options;
  QByteArray url = qgetenv("VX11_OPERATOR_REDIS_URL");
  options.redisUrl = Secret({url.constData(), static_cast<std::size_t>(url.size())});
  wipe(url.data(), static_cast<std::size_t>(url.size()));
  return options;
}

std::optional<QString> whyNoLocalCluster(const LocalClusterOptions& options) {
  if (!local::findTokend(options.tokendProgram)) return local::noTokend();
  if (local::hasPrivateRedis(options) && !local::findRedis(options.redisProgram)) return local::noRedis();
  return std::nullopt;
}

std::unique_ptr<Cluster> openLocalCluster(const LocalClusterOptions& options) {
  return std::make_unique<local::LocalCluster>(options);
}

}  // namespace vx11::cluster
