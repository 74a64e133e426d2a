#include "cluster/local_redis.h"

#include <QRegularExpression>

#include "cluster/local_principals.h"
#include "cluster/private_file.h"

namespace vx11::cluster::local {
namespace {

constexpr int sentinelsOfAGroup = 3, quorum = 2;
const auto groupName = QStringLiteral("local");

QString addressOf(quint16 port) { return port == 0 ? QString() : QStringLiteral("127.0.0.1:%1").arg(port); }

QByteArray bytesOf(const Secret& secret) {
  const auto text = secret.reveal();
  return {text.data(), std::ssize(text)};
}

}  // namespace

LocalRedis::LocalRedis(int servers, QString folder, Random& random)
    : folder_(std::move(folder)),
      random_(random),
      password_(makeSecret(random)),
      sentinelPassword_(makeSecret(random)),
      serverPorts_(static_cast<std::size_t>(servers)),
      sentinelPorts_(servers > 1 ? sentinelsOfAGroup : 0) {}

QString LocalRedis::serverName(int place) const {
  return servers() == 1 ? QStringLiteral("redis") : QStringLiteral("redis-%1").arg(place + 1);
}

QString LocalRedis::sentinelName(int place) { return QStringLiteral("sentinel-%1").arg(place + 1); }

QString LocalRedis::serverAddress(int place) const { return addressOf(serverPorts_[static_cast<std::size_t>(place)]); }

QString LocalRedis::sentinelAddress(int place) const {
  return addressOf(sentinelPorts_[static_cast<std::size_t>(place)]);
}

ChildProcess::Launch LocalRedis::launchServer(const Program& program, int place, bool isNew) {
  quint16& port = serverPorts_[static_cast<std::size_t>(place)];
  if (isNew) port = freePrivatePort(random_);
  return redisLaunch(program, {port, port == masterPort() ? quint16{0} : masterPort(), password_}, folder_);
}

// A sentinel keeps in its file what it learnt, and takes it up again. The passwords in it open servers that end with
// us, in a folder that nobody else can read.
LaunchResult LocalRedis::launchSentinel(const Program& program, int place, bool isNew) {
  quint16& port = sentinelPorts_[static_cast<std::size_t>(place)];
  const QString file = QStringLiteral("%1/%2.conf").arg(folder_, sentinelName(place));
  if (isNew) {
    port = freePrivatePort(random_);
    const QByteArray secret = bytesOf(sentinelPassword_);
    const QByteArray name = groupName.toUtf8();
    const QByteArray text = "bind 127.0.0.1\nport " + QByteArray::number(port) + "\ndir \"" + folder_.toUtf8() +
                            "\"\nlogfile \"\"\nrequirepass " + secret + "\nsentinel monitor " + name + " 127.0.0.1 " +
                            QByteArray::number(masterPort()) + ' ' + QByteArray::number(quorum) +
                            "\nsentinel auth-pass " + name + ' ' + bytesOf(password_) +
                            "\nsentinel down-after-milliseconds " + name + " 2000\nsentinel failover-timeout " + name +
                            " 6000\n";
    for (const auto& [path, content] : {std::pair{file, text}, {passwordFile(), secret + '\n'}})
      if (auto written = writePrivateFile(path, content); !written) return written.error();
  }
  return sentinelLaunch(program, file);
}

RedisAccess LocalRedis::access() const {
  RedisAccess access;
  access.port = serverPorts_.front();
  access.password = password_;
  if (sentinels() == 0) return access;
  QStringList hosts;
  for (int place = 0; place < sentinels(); ++place) hosts << sentinelAddress(place);
  const auto password = password_.reveal();
  std::string url("redis+sentinel://:");
  url.append(password).append("@").append(hosts.join(u',').toStdString()).append("/").append(groupName.toStdString());
  access.url = Secret(std::string_view(url));
  wipe(url.data(), url.size());
  access.sentinelPasswordFile = passwordFile();
  return access;
}

void LocalRedis::hear(const QByteArray& line) {
  static const QRegularExpression change(
      QStringLiteral("\\+switch-master %1 127\\.0\\.0\\.1 \\d+ 127\\.0\\.0\\.1 (\\d+)").arg(groupName));
  const auto found = change.match(QString::fromUtf8(line));
  if (found.hasMatch()) masterPort_ = found.captured(1).toUShort();
}

bool LocalRedis::saysCopied(const QByteArray& line) { return line.contains("sync: Finished with success"); }

bool LocalRedis::saysWatching(const QByteArray& line) { return line.contains("+monitor master"); }

}  // namespace vx11::cluster::local
