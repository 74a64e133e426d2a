// A real vx11-tokend as a process of a test's own, on a free loopback port.
#pragma once

#include <QElapsedTimer>
#include <QProcess>
#include <QProcessEnvironment>
#include <QTcpSocket>
#include <QUrl>
#include <string>

#include "support/raw_client.h"
#include "support/redis_server.h"
#include "token/secret.h"

namespace vx11::cluster::testing {

inline constexpr const char* tokendPrincipal = "principal-of-the-tests-0123456789";

/// `if (!tokend.start()) QFAIL(...)`. Ends with the object.
class Tokend {
 public:
  /// `redis` empty: mode memory. `advertised` empty: as it is reached. `more`: on its command line.
  Tokend(const QString& id, const std::string& redis, const QString& advertised = {}, const QStringList& more = {})
      : id_(id), redis_(redis), advertised_(advertised), more_(more), port_(test::free_port()) {}
  ~Tokend() { kill(); }

  [[nodiscard]] bool start() {
    QStringList arguments{QStringLiteral("--listen"), QStringLiteral("127.0.0.1:%1").arg(port_),
                          QStringLiteral("--instance-id"), id_};
    if (!redis_.empty()) {
      arguments << QStringLiteral("--mode") << QStringLiteral("hybrid") << QStringLiteral("--redis-url")
                << QString::fromStdString(redis_);
    }
    if (!advertised_.isEmpty()) arguments << QStringLiteral("--advertise-url") << advertised_;
    arguments << more_;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("VX11_OPERATOR_TOKEN"), QString::fromLatin1(tokendPrincipal));
    process_.setProcessEnvironment(environment);
    process_.setProcessChannelMode(QProcess::MergedChannels);
    process_.start(QStringLiteral(VX11_BIN_DIR "/vx11-tokend"), arguments);
    QElapsedTimer since;
    since.start();
    while (since.elapsed() < 20'000 && process_.state() != QProcess::NotRunning) {
      QTcpSocket probe;
      probe.connectToHost(QStringLiteral("127.0.0.1"), port_);
      if (probe.waitForConnected(500)) return true;
      process_.waitForFinished(20);
    }
    return false;
  }
  void kill() {
    process_.kill();
    process_.waitForFinished(5000);
  }
  /// All requests that it was sent since its start, this one included.
  [[nodiscard]] double requests() const {
    test::RawClient client(port_);
    const auto body = client
                          .ask(test::request_text("GET", "/operator/internal/cache-stats",
                                                  std::string("X-VX11-Token: ") + tokendPrincipal + "\r\n"))
                          .body;
    constexpr std::string_view name = "\"requests_total\":";
    const std::size_t at = body.find(name);
    return at == std::string::npos ? -1 : std::atof(body.c_str() + at + name.size());
  }
  [[nodiscard]] QByteArray said() { return process_.readAll(); }
  [[nodiscard]] quint16 port() const { return port_; }
  [[nodiscard]] qint64 pid() const { return process_.processId(); }
  [[nodiscard]] QUrl url(const QString& host = QStringLiteral("127.0.0.1")) const {
    return QUrl(QStringLiteral("http://%1:%2").arg(host).arg(port_));
  }

 private:
  QString id_;
  std::string redis_;
  QString advertised_;
  QStringList more_;
  quint16 port_;
  QProcess process_;
};

/// How often that Redis was asked for INFO since its start, this time included.
[[nodiscard]] inline double infosOf(const test::RedisServer& redis) {
  const std::string stats = redis.command({"INFO", "commandstats"});
  constexpr std::string_view name = "cmdstat_info:calls=";
  const std::size_t at = stats.find(name);
  return at == std::string::npos ? 0 : std::atof(stats.c_str() + at + name.size());
}

}  // namespace vx11::cluster::testing
