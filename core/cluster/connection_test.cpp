#include "cluster/connection_test.h"

#include <QHostAddress>
#include <QHostInfo>
#include <QTcpSocket>
#include <algorithm>

#include "cluster/connection_test_run.h"
#include "cluster/discovery.h"
#include "cluster/words.h"

namespace vx11::cluster {
namespace {

using namespace std::chrono_literals;
using State = ConnectionStep::State;
using What = ConnectionStep::What;

bool isMissing(const Failure& failure) {
  return failure.kind == Failure::Kind::Http && (failure.httpStatus == 404 || failure.httpStatus == 405);
}
/// Something is there, whatever it says.
bool isAnswer(const Failure& failure) {
  return failure.kind == Failure::Kind::Http || failure.kind == Failure::Kind::BadAnswer;
}
QString because(const Failure& failure) {
  return failure.code == QStringLiteral("tls_failed") && !failure.text.isEmpty() ? failure.text
                                                                                 : words::reason(failure);
}

}  // namespace

QString ConnectionStep::titleOf(What what) {
  switch (what) {
    case What::Resolve:
      return ConnectionTest::tr("Resolve the host names");
    case What::Connect:
      return ConnectionTest::tr("Connect");
    case What::Alive:
      return ConnectionTest::tr("Ask for a sign of life");
    case What::Principal:
      return ConnectionTest::tr("Present the principal");
    case What::Discover:
      return ConnectionTest::tr("Find the other instances");
    case What::Reach:
      return ConnectionTest::tr("Reach them");
    case What::Redis:
      return ConnectionTest::tr("Ask Redis itself");
    case What::Balancer:
      return ConnectionTest::tr("Ask through the balancer");
  }
  return {};
}

void ConnectionTest::Run::begin(What what) {
  if (profile.kind != ProfileKind::RemoteCluster) return skip(tr("this console runs it itself"));
  switch (what) {
    case What::Resolve:
      return resolve();
    case What::Connect:
      return connectAll();
    case What::Alive:
      return askHealth();
    case What::Principal:
      return presentPrincipal();
    case What::Discover:
      return discover();
    case What::Reach:
      return reach();
    case What::Redis:
      return askRedis();
    case What::Balancer:
      return askBalancer();
  }
}

void ConnectionTest::Run::resolve() {
  if (given.empty()) return conclude(State::Failed, tr("the profile names no instance"));
  over(usable(), 5s, [this](std::size_t at, const Tell& tell) {
    const QString host = given[at].url.host();
    if (!QHostAddress(host).isNull()) return tell(State::Passed, tr("%1 is an address already").arg(host));
    QHostInfo::lookupHost(host, this, [this, at, host, tell](const QHostInfo& info) {
      if (info.addresses().isEmpty()) {
        given[at].usable = false;
        return tell(State::Failed, tr("%1 can't be resolved: %2").arg(host, info.errorString()));
      }
      QStringList addresses;
      for (const QHostAddress& address : info.addresses()) addresses.append(address.toString());
      tell(State::Passed, tr("%1 is %2").arg(host, words::joined(addresses.mid(0, 3))));
    });
  });
}

void ConnectionTest::Run::connectAll() {
  over(usable(), 4s, [this](std::size_t at, const Tell& tell) {
    auto* socket = new QTcpSocket(this);
    const QUrl& url = given[at].url;
    if (isLoopback(url)) socket->setProxy(QNetworkProxy::NoProxy);
    connect(socket, &QTcpSocket::connected, this, [socket, tell, where = url.authority()] {
      tell(State::Passed, tr("%1 accepts connections").arg(where));
      socket->deleteLater();
    });
    connect(socket, &QTcpSocket::errorOccurred, this, [this, at, socket, tell] {
      given[at].usable = false;
      tell(State::Failed, tr("can't connect to %1: %2").arg(given[at].url.authority(), socket->errorString()));
      socket->deleteLater();
    });
    socket->connectToHost(url.host(), static_cast<quint16>(url.port()));
  });
}

void ConnectionTest::Run::askHealth() {
  over(usable(), 4s, [this](std::size_t at, const Tell& tell) {
    const QString where = given[at].url.authority();
    calls.push_back(given[at].client->health([this, at, where, tell](const Answer<wire::Health>& health) {
      if (health.has_value()) {
        given[at].id = health->instanceId;
        const QString name = health->instanceId.isEmpty() ? where : health->instanceId;
        const QString version = health->version.isEmpty() ? QString() : tr(", version %1").arg(health->version);
        return tell(State::Passed, tr("%1 is alive%2").arg(name, version));
      }
      const Failure& failure = health.error();
      if (!isAnswer(failure)) {
        given[at].usable = false;
        return tell(State::Failed, tr("%1 doesn't answer: %2").arg(where, because(failure)));
      }
      if (failure.httpStatus >= 300 && failure.httpStatus < 400) {
        given[at].usable = false;
        return tell(State::Failed,
                    tr("%1 answers with a redirect (%2), and none is followed").arg(where).arg(failure.httpStatus));
      }
      tell(State::Warned, tr("%1 answers, but not as this service does: %2").arg(where, because(failure)));
    }));
  });
}

void ConnectionTest::Run::presentPrincipal() {
  if (secrets.principal.empty()) {
    return skip(tr("there is no principal: issuing, and all that needs one, won't be possible"));
  }
  over(usable(), 4s, [this](std::size_t at, const Tell& tell) {
    const QString where = given[at].url.authority();
    calls.push_back(given[at].client->stats([this, at, where, tell](const Answer<wire::Stats>& stats) {
      if (stats.has_value()) {
        Given& one = given[at];
        one.id = stats->instanceId;
        one.accepts = true;
        if (stats->redis) database = stats->redis->seen.database;
        const bool inClear = one.url.scheme() != QStringLiteral("https") && !isLoopback(one.url);
        if (inClear) return tell(State::Warned, tr("%1 accepts it, but over http it is sent in clear").arg(one.id));
        return tell(State::Passed, tr("%1 accepts it").arg(one.id));
      }
      const Failure& failure = stats.error();
      if (isMissing(failure)) return tell(State::Warned, tr("%1 has only the public calls").arg(where));
      const bool refused = failure.httpStatus == 401 || failure.httpStatus == 403;
      tell(State::Failed, (refused ? tr("%1 refuses it: %2") : tr("%1 can't tell: %2")).arg(where, because(failure)));
    }));
  });
}

void ConnectionTest::Run::discover() {
  if (!profile.discover) return skip(tr("the profile says that only the given ones count"));
  if (secrets.principal.empty()) return skip(tr("an instance tells it only to who has a principal"));
  toAsk.clear();
  for (std::size_t at = 0; at < given.size(); ++at) {
    if (given[at].accepts) toAsk.push_back(at);
  }
  if (toAsk.empty()) return skip(tr("no instance accepted the principal, and no other would tell"));
  over({0}, 8s, [this](std::size_t, const Tell& tell) { askRegistry(tell, {}); });
}

void ConnectionTest::Run::askRegistry(const Tell& tell, const QString& error) {
  if (toAsk.empty()) {
    if (!error.isEmpty()) return tell(State::Warned, error);
    return tell(State::Passed, tr("the instances have no registry in common: only the given ones are shown"));
  }
  const std::size_t at = toAsk.front();
  toAsk.erase(toAsk.begin());
  calls.push_back(given[at].client->neighbours([this, at, tell, error](const Answer<wire::Neighbours>& answer) {
    if (answer.has_error()) {
      return askRegistry(tell, tr("%1 doesn't tell: %2").arg(given[at].id, because(answer.error())));
    }
    if (answer->rememberedMs >= 0) {
      for (const wire::Neighbour& one : answer->all) takeNeighbour(one);
      return askRegistry(tell, tr("Redis doesn't answer %1: who else is there is as of %2 s ago")
                                   .arg(given[at].id)
                                   .arg(answer->rememberedMs / 1000));
    }
    if (!answer->byRegistry) return askRegistry(tell, error);
    for (const wire::Neighbour& one : answer->all) takeNeighbour(one);
    if (found.isEmpty()) return tell(State::Passed, tr("%1 knows of no others").arg(given[at].id));
    QStringList names;
    for (const DiscoveredInstance& one : found) names.append(one.id);
    tell(State::Passed, tr("%1 knows of %2").arg(given[at].id, words::joined(names)));
  }));
}

void ConnectionTest::Run::takeNeighbour(const wire::Neighbour& neighbour) {
  if (neighbour.url.isEmpty()) return;
  const Reach reach = reachOf(profile, neighbour.url);
  const bool known = std::any_of(given.begin(), given.end(), [&](const Given& one) {
    return one.url == reach.url || (one.accepts && one.id == neighbour.id);
  });
  const bool twice = std::any_of(found.begin(), found.end(), [&](const auto& one) { return one.url == reach.url; });
  if (!known && !twice) found.append({neighbour.id, neighbour.url, reach.url, reach.trusted});
}

void ConnectionTest::Run::reach() {
  if (found.isEmpty()) return skip(tr("there are no others"));
  std::vector<std::size_t> all;
  for (const DiscoveredInstance& one : found) {
    all.push_back(all.size());
    clients.push_back(clientFor(one.url, one.trusted ? secrets.principal : Secret()));
  }
  over(all, 4s, [this](std::size_t at, const Tell& tell) {
    calls.push_back(clients[at]->health([this, at, tell](const Answer<wire::Health>& health) {
      DiscoveredInstance& one = found[static_cast<qsizetype>(at)];
      const QString where = one.url.authority();
      one.answered = health.has_value() || isAnswer(health.error());
      if (!one.answered) {
        return tell(State::Warned, tr("%1 can't be reached from here as %2 (%3): an entry in the address map may help")
                                       .arg(one.id, where, because(health.error())));
      }
      if (!one.trusted) {
        return tell(State::Warned,
                    tr("%1 answers as %2, and gets no principal until it is accepted").arg(one.id, where));
      }
      tell(State::Passed, tr("%1 answers as %2").arg(one.id, where));
    }));
  });
}

void ConnectionTest::Run::askRedis() {
  if (profile.redis.isEmpty()) return skip(tr("the profile names none: instances tell of it"));
  auto opened = DirectRedis::open(
      {profile.redis, secrets.redisPassword, profile.caFile, profile.sentinelUser, secrets.sentinelPassword}, clock,
      random);
  if (opened.has_error()) return conclude(State::Failed, opened.error());
  redis = *std::move(opened);
  over({0}, 12s, [this](std::size_t, const Tell& tell) {
    connect(redis.get(), &DirectRedis::failed, this, [this, tell](const QString& sentence) {
      const bool saysWhere = sentence.contains(redis->address());
      tell(State::Failed, saysWhere ? sentence : tr("%1: %2").arg(redis->address(), sentence));
    });
    connect(redis.get(), &DirectRedis::answered, this, [this, tell](const RedisInfo& info) { judgeRedis(info, tell); });
    redis->ask();
  });
}

void ConnectionTest::Run::judgeRedis(const RedisInfo& info, const Tell& tell) {
  const QString who = tr("Redis %1 at %2").arg(info.version, redis->address());
  if (database && *database != redis->database()) {
    return tell(State::Warned, tr("%1 answers, but the profile says database %2 and the instances use %3")
                                   .arg(who)
                                   .arg(redis->database())
                                   .arg(*database));
  }
  if (info.role == QStringLiteral("slave")) {
    return tell(State::Warned, tr("%1 answers, but it is a replica of another").arg(who));
  }
  if (info.mayEvict()) {
    return tell(State::Warned, tr("%1 answers, but its policy %2 takes live tokens away").arg(who, info.policy));
  }
  tell(State::Passed, tr("%1 answers in %2 ms").arg(who).arg(info.roundTripMs.value_or(0), 0, 'f', 1));
}

void ConnectionTest::Run::askBalancer() {
  if (profile.balancer.isEmpty()) return skip(tr("the profile names none"));
  // Its health only: nothing here needs the principal.
  clients.push_back(clientFor(originOf(profile.balancer), {}));
  over({0}, 4s, [this](std::size_t, const Tell& tell) {
    calls.push_back(clients.back()->health([this, tell](const Answer<wire::Health>& health) {
      const QString where = profile.balancer.authority();
      if (health.has_value() && !health->instanceId.isEmpty()) {
        return tell(State::Passed, tr("%1 passes on to %2").arg(where, health->instanceId));
      }
      if (health.has_value()) return tell(State::Passed, tr("%1 answers").arg(where));
      const bool answers = isAnswer(health.error());
      tell(State::Failed, (answers ? tr("%1 answers, but passes nothing on: %2") : tr("%1 doesn't answer: %2"))
                              .arg(where, because(health.error())));
    }));
  });
}

}  // namespace vx11::cluster
