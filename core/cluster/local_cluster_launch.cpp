#include "cluster/local_cluster_launch.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QStandardPaths>
#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace vx11::cluster::local {
namespace {

constexpr int portsToTry = 21;
constexpr int firstPrivatePort = 16'000, privatePorts = 16'000, privateTries = 50;

bool canRun(const QString& path) {
  const QFileInfo file(path);
  return file.isFile() && file.isExecutable();
}

/// In the folders, then on the PATH; empty: nowhere.
QString findIn(const QStringList& folders, const QString& name) {
  for (const QString& folder : folders) {
    const QString path = QDir(folder).filePath(name);
    if (!folder.isEmpty() && canRun(path)) return path;
  }
  return QStandardPaths::findExecutable(name);
}

bool isFree(quint16 port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int one = 1;  // as the service does: closed connections of a former one don't hold it
  ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool bound = ::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  ::close(socket);
  return bound;
}

/// Beside this URL, in our environment.
bool isOfGivenRedis(std::string_view variable) {
  return (variable.starts_with("VX11_OPERATOR_REDIS_") || variable.starts_with("VX11_OPERATOR_SENTINEL_")) &&
         !variable.starts_with("VX11_OPERATOR_REDIS_URL=");
}

/// Ours without what would configure an instance: it gets what it needs from here alone.
std::vector<std::string> ownEnvironment(bool withGivenRedis = false) {
  constexpr std::array<std::string_view, 4> prefixes{"VX11_", "REDIS_", "INSTANCE_ID=", "EPHEMERAL_TOKEN_TTL_SEC="};
  std::vector<std::string> variables;
  for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable) {
    const std::string_view text = *variable;
    const bool configures =
        std::any_of(prefixes.begin(), prefixes.end(), [&](auto prefix) { return text.starts_with(prefix); });
    if (!configures || (withGivenRedis && isOfGivenRedis(text))) variables.emplace_back(text);
  }
  return variables;
}

/// "NAME=" and the values with commas between; made in one piece, so that no copy of a secret stays behind.
std::string variableOf(std::string_view name, const std::vector<Secret>& values) {
  std::size_t size = name.size() + 1;
  for (const Secret& value : values) size += value.size() + 1;
  std::string variable;
  variable.reserve(size);
  variable.append(name).append("=");
  for (const Secret& value : values) {
    if (&value != &values.front()) variable.append(",");
    variable.append(value.reveal());
  }
  return variable;
}

std::string quoted(const QString& text) {
  QString escaped = text;
  escaped.replace(u'\\', QStringLiteral("\\\\")).replace(u'"', QStringLiteral("\\\""));
  return '"' + escaped.toStdString() + '"';
}

}  // namespace

std::optional<Program> findTokend(const QString& given) {
  const QString path =
      given.isEmpty() ? findIn({QCoreApplication::applicationDirPath()}, QStringLiteral("vx11-tokend")) : given;
  if (!canRun(path)) return std::nullopt;
  return Program{path, {}};
}

std::optional<Program> findRedis(const QString& given) {
  if (!given.isEmpty()) return canRun(given) ? std::optional(Program{given, {}}) : std::nullopt;
  const QString tools = qEnvironmentVariable("VX11_TOOLS");
  const QStringList folders{tools.isEmpty() ? QString() : tools + QStringLiteral("/bin")};
  const QStringList systems{QStringLiteral("/usr/bin"), QStringLiteral("/usr/sbin"), QStringLiteral("/usr/local/bin")};
  const QString server = QStringLiteral("redis-server");
  if (const QString path = findIn(folders, server); !path.isEmpty()) return Program{path, {}};
  if (const QString path = findIn(systems, server); !path.isEmpty()) return Program{path, {}};
  if (const QString path = findIn(systems, QStringLiteral("redis-check-rdb")); !path.isEmpty())
    return Program{path, server};
  return std::nullopt;
}

quint16 freePortFrom(quint16 first, const QList<quint16>& taken) {
  for (int port = first; port < first + portsToTry && port <= 0xffff; ++port) {
    const auto candidate = static_cast<quint16>(port);
    if (!taken.contains(candidate) && isFree(candidate)) return candidate;
  }
  return 0;
}

quint16 freePrivatePort(Random& random) {
  for (int attempt = 0; attempt < privateTries; ++attempt) {
    std::array<std::byte, 2> bytes{};
    random.fill(bytes);
    quint16 value = 0;
    std::memcpy(&value, bytes.data(), sizeof value);
    const auto port = static_cast<quint16>(firstPrivatePort + value % privatePorts);
    if (isFree(port)) return port;
  }
  return 0;
}

ChildProcess::Launch redisLaunch(const Program& program, const RedisSeat& seat, const QString& folder) {
  ChildProcess::Launch launch;
  launch.program = program.path.toStdString();
  launch.name = program.name.toStdString();
  launch.arguments = {"-"};  // it reads its configuration from stdin
  launch.environment = ownEnvironment();
  std::string& text = launch.input;
  text.reserve(1024 + static_cast<std::size_t>(folder.size()));
  text.append("bind 127.0.0.1\nprotected-mode yes\nport ").append(std::to_string(seat.port));
  text.append("\nrequirepass ").append(seat.password.reveal());
  text.append("\nmasterauth ").append(seat.password.reveal());
  if (seat.master != 0) text.append("\nreplicaof 127.0.0.1 ").append(std::to_string(seat.master));
  text.append(
      "\nrepl-diskless-sync-delay 0\nsave \"\"\nappendonly no\nmaxmemory 1gb\nmaxmemory-policy noeviction\n"
      "daemonize no\nlogfile \"\"\ndir ");
  text.append(quoted(folder)).append("\n");
  return launch;
}

ChildProcess::Launch sentinelLaunch(const Program& program, const QString& configuration) {
  ChildProcess::Launch launch;
  launch.program = program.path.toStdString();
  launch.name = program.name.toStdString();
  launch.arguments = {configuration.toStdString(), "--sentinel"};
  launch.environment = ownEnvironment();
  return launch;
}

ChildProcess::Launch instanceLaunch(const Program& program, const InstanceSeat& seat,
                                    const std::vector<Secret>& principals, const RedisAccess& redis) {
  ChildProcess::Launch launch;
  launch.program = program.path.toStdString();
  const std::string ttl = std::to_string(seat.ttlSec);
  launch.arguments = {"--listen",       "127.0.0.1:" + std::to_string(seat.port),
                      "--instance-id",  seat.id.toStdString(),
                      "--mode",         seat.mode.toStdString(),
                      "--port-file",    seat.portFile.toStdString(),
                      "--ttl",          ttl,
                      "--max-ttl",      std::to_string(std::max(seat.ttlSec, 300)),
                      "--threads",      "2",
                      "--stop-timeout", "5"};
  for (const char* host : {"127.0.0.1", "localhost", "[::1]"}) {  // against DNS rebinding
    launch.arguments.emplace_back("--allowed-host");
    launch.arguments.emplace_back(host);
  }
  const char* const given = std::getenv("VX11_OPERATOR_REDIS_URL");
  const bool usesGiven = given != nullptr && !redis.url.empty() && redis.url.equals(given);
  launch.environment = ownEnvironment(usesGiven);
  // That may be a service's: it isn't joined unless somebody says so.
  if (usesGiven && std::getenv("VX11_OPERATOR_REDIS_PREFIX") == nullptr)
    launch.environment.emplace_back("VX11_OPERATOR_REDIS_PREFIX=vx11-console:");
  launch.environment.push_back(variableOf("VX11_OPERATOR_TOKEN", principals));
  if (!redis.url.empty()) {
    launch.environment.push_back(variableOf("VX11_OPERATOR_REDIS_URL", {redis.url}));
    if (!redis.sentinelPasswordFile.isEmpty())
      launch.environment.push_back("VX11_OPERATOR_SENTINEL_PASSWORD_FILE=" + redis.sentinelPasswordFile.toStdString());
  } else if (redis.port != 0) {
    launch.environment.emplace_back("REDIS_HOST=127.0.0.1");
    launch.environment.push_back("REDIS_PORT=" + std::to_string(redis.port));
    launch.environment.push_back(variableOf("REDIS_PASSWORD", {redis.password}));
  }
  return launch;
}

}  // namespace vx11::cluster::local
