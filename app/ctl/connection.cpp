#include "ctl/connection.h"

#include <QFile>
#include <QRegularExpression>
#include <algorithm>

#include "cluster/http_caller.h"
#include "cluster/profile_store.h"
#include "cluster/redis_address.h"
#include "config/redis_url.h"
#include "config/values.h"
#include "ctl/words.h"

namespace vx11::ctl {
namespace {

constexpr int longestPrincipal = 1024;
const QUrl usualInstance(QStringLiteral("http://127.0.0.1:8011"));

/// The first principal among those that commas and lines part; the rest are for the service.
Secret firstPrincipal(std::string_view text) {
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const std::string_view line = config::trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty() || line.front() == '#') continue;
    if (const auto parts = config::split_list(line); !parts.empty()) return Secret(parts.front());
  }
  return {};
}

void readPrincipal(Connection& connection, const Arguments& arguments, bool needed) {
  const QString path = arguments.value(QStringLiteral("--principal-file"));
  QByteArray text = qgetenv("VX11_OPERATOR_TOKEN");
  if (!path.isEmpty()) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
      connection.error = tr("%1 can't be read: %2").arg(path, file.errorString());
      return;
    }
    text = file.read(64 * 1024);
  }
  const auto size = static_cast<std::size_t>(text.size());
  connection.principal = firstPrincipal({text.constData(), size});
  wipe(text.data(), size);
  const std::string_view value = connection.principal.reveal();
  const bool sendable = std::all_of(value.begin(), value.end(), [](char c) { return c >= ' ' && c < 0x7F; });
  if (!sendable || value.size() > longestPrincipal) {
    connection.error = tr("the principal is not one: it has up to %1 visible ASCII characters").arg(longestPrincipal);
  } else if (value.empty() && !path.isEmpty()) {
    connection.error = tr("%1 holds no principal").arg(path);
  } else if (value.empty() && needed) {
    connection.error = tr("a principal is needed: set VX11_OPERATOR_TOKEN or give --principal-file FILE");
  }
}

bool isBaseUrl(const QUrl& url) { return config::is_base_url(url.toEncoded().toStdString()); }

/// An address of a service given by `option`; else why it is none.
QString readUrl(QUrl& url, const QString& option, const QString& text) {
  // As other programs show it, and --listen takes it.
  static const QRegularExpression hostAndPort(QStringLiteral("^[^/@:\\s]+:\\d+$|^\\[[0-9A-Fa-f:]+\\]:\\d+$"));
  url = QUrl(hostAndPort.match(text).hasMatch() ? QStringLiteral("http://") + text : text, QUrl::StrictMode);
  if (isBaseUrl(url)) return {};
  // What may hold a password isn't repeated.
  if (text.contains(u'@'))
    return tr("%1 takes an address such as %2, without user and password").arg(option, usualInstance.toString());
  return tr("%1 takes an address such as %2, not \"%3\"").arg(option, usualInstance.toString(), text);
}

QString readInstances(cluster::Profile& profile, const QStringList& texts, bool discovers) {
  for (const QString& text : texts) {
    QUrl url;
    if (const QString error = readUrl(url, QStringLiteral("--instance"), text); !error.isEmpty()) return error;
    if (!profile.instances.contains(url)) profile.instances.append(url);
  }
  if (profile.instances.isEmpty()) profile.instances.append(usualInstance);
  if (profile.instances.size() > cluster::LiveCluster::maxSlots) {
    return tr("at most %1 instances").arg(cluster::LiveCluster::maxSlots);
  }
  profile.discover = discovers && profile.instances.size() == 1;
  return {};
}

QString readGiven(Connection& connection, const Arguments& arguments, bool discovers) {
  cluster::Profile& profile = connection.profile;
  profile.kind = cluster::ProfileKind::RemoteCluster;
  if (const QString error = readInstances(profile, arguments.values(QStringLiteral("--instance")), discovers);
      !error.isEmpty()) {
    return error;
  }
  if (arguments.has(QStringLiteral("--redis"))) {
    const RedisAddress redis = readRedisAddress(arguments.value(QStringLiteral("--redis")));
    if (!redis.error.isEmpty()) return redis.error;
    profile.redis = redis.url;
    connection.redisPassword = redis.password;
  }
  const QString balancer = QStringLiteral("--balancer");
  return arguments.has(balancer) ? readUrl(profile.balancer, balancer, arguments.value(balancer)) : QString();
}

QString whyNotFromHere(const cluster::Profile& profile) {
  switch (profile.kind) {
    case cluster::ProfileKind::LocalServer:
      return tr("the profile \"%1\" is a server inside the console; name it by --instance URL").arg(profile.name);
    case cluster::ProfileKind::LocalCluster:
      return tr("the profile \"%1\" runs inside the console; name its instances by --instance URL, or open another "
                "by local-cluster")
          .arg(profile.name);
    case cluster::ProfileKind::RemoteCluster:
      break;
  }
  return profile.instances.isEmpty() ? tr("the profile \"%1\" names no instance").arg(profile.name) : QString();
}

QString readProfile(Connection& connection, const QString& name, bool discovers) {
  const cluster::ProfileStore store;
  const auto all = store.load();
  if (all.has_error()) return all.error();
  QStringList names;
  qsizetype found = -1;
  for (qsizetype i = 0; i < all->size(); ++i) {
    const cluster::Profile& profile = all->at(i);
    names.append(profile.name);
    if (profile.name != name && profile.id != name) continue;
    if (found >= 0) return tr("several profiles are named \"%1\": give its id out of %2").arg(name, store.path());
    found = i;
  }
  if (found < 0) {
    return names.isEmpty()
               ? tr("there is no profile \"%1\": %2 holds none").arg(name, store.path())
               : tr("there is no profile \"%1\"; there are: %2").arg(name, names.join(QStringLiteral(", ")));
  }
  connection.profile = all->at(found);
  connection.profile.discover = discovers && connection.profile.discover;
  return whyNotFromHere(connection.profile);
}

/// What a saved profile says itself.
QString mixed(const Arguments& arguments) {
  for (const QString& option :
       {QStringLiteral("--instance"), QStringLiteral("--redis"), QStringLiteral("--balancer")}) {
    if (arguments.has(option)) return tr("--profile and %1 can't be given together").arg(option);
  }
  return {};
}

/// Where the principal will be seen on its way.
QStringList clearWays(const Connection& connection) {
  QStringList ways;
  for (const QUrl& url : connection.profile.instances + QList<QUrl>{connection.profile.balancer}) {
    const bool clear = url.scheme() == QStringLiteral("http") && !cluster::isLoopback(url);
    if (clear && !connection.principal.empty())
      ways.append(tr("the principal is sent in clear to %1").arg(url.toString()));
  }
  return ways;
}

}  // namespace

const QList<OptionSpec>& connectionOptions() {
  static const QList<OptionSpec> options{
      {QStringLiteral("--profile"), QStringLiteral("NAME"), tr("a remote cluster that the console saved"), false},
      {QStringLiteral("--instance"), QStringLiteral("URL"),
       tr("an instance; may be repeated (%1)").arg(usualInstance.toString()), true},
      {QStringLiteral("--redis"), QStringLiteral("URL"),
       tr("a Redis to ask directly too; its password may be in REDIS_PASSWORD"), false},
      {QStringLiteral("--balancer"), QStringLiteral("URL"),
       tr("before the instances: matrix tests it too, a rollback looks through it"), false},
      {QStringLiteral("--principal-file"), QStringLiteral("FILE"),
       tr("holds the principal; else VX11_OPERATOR_TOKEN does"), false},
      {QStringLiteral("--no-discover"), {}, tr("of one instance, don't look for the others"), false},
      {QStringLiteral("--trust-discovered"), {}, tr("send the principal to the others wherever they are"), false},
  };
  return options;
}

RedisAddress readRedisAddress(const QString& text) {
  RedisAddress address;
  const auto parsed = config::parse_redis_url(text.toStdString());
  if (parsed.has_error()) {
    address.error = tr("--redis: %1").arg(QString::fromStdString(parsed.error()));
    return address;
  }
  address.url = cluster::redis_address::withoutSecrets(text);
  address.password = parsed->password;
  return address;
}

Connection readConnection(const Arguments& arguments, const Needs& needs) {
  Connection connection;
  const bool discovers = needs.discovery && !arguments.has(QStringLiteral("--no-discover"));
  const QString profile = QStringLiteral("--profile");
  if (arguments.has(profile)) connection.error = mixed(arguments);
  if (connection.error.isEmpty()) {
    connection.error = arguments.has(profile) ? readProfile(connection, arguments.value(profile), discovers)
                                              : readGiven(connection, arguments, discovers);
  }
  if (connection.error.isEmpty()) readPrincipal(connection, arguments, needs.principal);
  if (!connection.error.isEmpty()) return connection;
  connection.trustsDiscovered = arguments.has(QStringLiteral("--trust-discovered"));
  if (!connection.profile.redis.isEmpty() && connection.redisPassword.empty()) {
    connection.redisPassword = Secret(qgetenv("REDIS_PASSWORD").toStdString());
  }
  connection.warnings = clearWays(connection);
  return connection;
}

std::unique_ptr<cluster::RemoteCluster> open(const Connection& connection) {
  auto opened = cluster::openRemoteCluster(connection.profile, connection.principal, connection.redisPassword);
  if (!connection.trustsDiscovered) return opened;
  // Later: it is still taking the one that it tells of.
  auto* const cluster = opened.get();
  QObject::connect(
      cluster, &cluster::RemoteCluster::pendingAcceptanceChanged, cluster,
      [cluster] {
        const QList<QUrl> pending = cluster->pendingAcceptance();
        for (const QUrl& url : pending) cluster->trust(url);
      },
      Qt::QueuedConnection);
  return opened;
}

}  // namespace vx11::ctl
