// The inside of a ConnectionTest: one step after the other, each over several addresses at once, each ended by the last
// answer or by its time.
#pragma once

#include <QElapsedTimer>
#include <QNetworkAccessManager>
#include <QNetworkProxy>
#include <QRegularExpression>
#include <QTimer>
#include <functional>
#include <vector>

#include "cluster/connection_test.h"
#include "cluster/direct_redis.h"
#include "cluster/instance_client.h"

namespace vx11::cluster {

struct ConnectionTest::Run final : QObject {
  using State = ConnectionStep::State;
  /// What came of one address; counts once, and only while its step runs.
  using Tell = std::function<void(State, const QString& line)>;
  using Ask = std::function<void(std::size_t at, const Tell& tell)>;

  /// One of the profile's URLs.
  struct Given {
    QUrl url;
    std::unique_ptr<InstanceClient> client;
    bool usable = true;    ///< no step before failed there
    bool accepts = false;  ///< the principal
    QString id = {};
  };

  Run(ConnectionTest& owner, Profile of, Secrets with, const Clock& by, Random& from);
  ~Run() override;

  void start();
  void cancel();

  // The machine
  [[nodiscard]] static QString tr(const char* text) { return ConnectionTest::tr(text); }
  void next();
  void begin(ConnectionStep::What what);
  void skip(const QString& sentence);
  void conclude(State state, const QString& sentence);
  /// Asks at all of them at once. Nobody to ask: skipped.
  void over(std::vector<std::size_t> whom, std::chrono::milliseconds within, const Ask& ask);
  void take(std::size_t place, State state, const QString& line);
  void end();
  [[nodiscard]] ConnectionStep& step() { return steps[current]; }
  [[nodiscard]] std::vector<std::size_t> usable() const;
  [[nodiscard]] std::unique_ptr<InstanceClient> clientFor(const QUrl& url, const Secret& principal);

  // The steps
  void resolve();
  void connectAll();
  void askHealth();
  void presentPrincipal();
  void discover();
  void askRegistry(const Tell& tell, const QString& error);
  void takeNeighbour(const wire::Neighbour& neighbour);
  void reach();
  void askRedis();
  void judgeRedis(const RedisInfo& info, const Tell& tell);
  void askBalancer();

  ConnectionTest& test;
  const Profile profile;
  const Secrets secrets;
  const Clock& clock;
  Random& random;

  QList<ConnectionStep> steps;
  qsizetype current = -1;
  bool running = false, finished = false;
  std::vector<std::optional<State>> told;  ///< by place in the step under way
  QStringList lines;
  QElapsedTimer since;
  QTimer limit;

  std::unique_ptr<QNetworkAccessManager> networks[2];  ///< of loopback, of everything else
  std::vector<Given> given;
  QList<DiscoveredInstance> found;
  std::vector<std::unique_ptr<InstanceClient>> clients;
  std::vector<HttpCall> calls;
  std::vector<std::size_t> toAsk;  ///< for the registry
  std::optional<int> database;     ///< that the instances use
  std::unique_ptr<DirectRedis> redis;
};

}  // namespace vx11::cluster
