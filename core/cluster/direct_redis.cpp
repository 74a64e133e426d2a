#include "cluster/direct_redis.h"

#include <QFile>
#include <utility>

#include "cluster/direct_values.h"
#include "cluster/redis_ear.h"
#include "cluster/redis_page.h"
#include "config/redis_url.h"
#include "config/values.h"
#include "redis/health.h"
#include "redis/threaded_client.h"
#include "server/server_answers.h"

namespace vx11::cluster {
namespace {

using namespace std::chrono_literals;
constexpr auto answerWithin = 2s, connectWithin = 3s;
constexpr auto sentinelsWithin = 500ms;
constexpr qint64 longestPassword = 4096;
constexpr int retryMs = 50;
constexpr auto usualPrefix = "vx11:";

QString textOf(std::string_view text) { return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())); }

redis::Topology topologyOf(config::RedisUrl::Topology topology) {
  switch (topology) {
    case config::RedisUrl::Topology::single:
      break;
    case config::RedisUrl::Topology::sentinel:
      return redis::Topology::sentinel;
    case config::RedisUrl::Topology::cluster:
      return redis::Topology::cluster;
  }
  return redis::Topology::single;
}

RedisServers::Topology topologyOf(redis::Topology topology) {
  switch (topology) {
    case redis::Topology::single:
      break;
    case redis::Topology::sentinel:
      return RedisServers::Topology::Sentinel;
    case redis::Topology::cluster:
      return RedisServers::Topology::Cluster;
  }
  return RedisServers::Topology::Single;
}

/// Its first line; empty where it can't be read.
Secret lineOf(const QString& path) {
  QFile file(path);
  if (path.isEmpty() || !file.open(QIODevice::ReadOnly)) return {};
  QByteArray line = file.readLine(longestPassword);
  const Secret secret(config::trimmed({line.constData(), static_cast<std::size_t>(line.size())}));
  wipe(line.data(), static_cast<std::size_t>(line.size()));
  return secret;
}

redis::Options optionsOf(const config::RedisUrl& url, const DirectRedis::Access& access) {
  redis::Options options;
  options.topology = topologyOf(url.topology);
  options.host = url.hosts.front().host;
  options.port = url.hosts.front().port;
  if (options.topology != redis::Topology::single)
    for (const config::Endpoint& host : url.hosts) options.seeds.push_back({host.host, host.port});
  options.master_name = url.master;
  const bool given = !access.sentinelPassword.empty();
  options.sentinel_password =
      given ? access.sentinelPassword : lineOf(qEnvironmentVariable("VX11_OPERATOR_SENTINEL_PASSWORD_FILE"));
  options.sentinel_username =
      (given || !access.sentinelUser.isEmpty() ? access.sentinelUser
                                               : qEnvironmentVariable("VX11_OPERATOR_SENTINEL_USERNAME"))
          .toStdString();
  options.tls.enabled = url.tls;
  options.tls.ca_file = access.caFile.toStdString();
  options.username = url.username;
  options.password = access.password.empty() ? url.password : access.password;
  options.database = url.database.value_or(0);
  options.client_name = "vx11-console";
  options.timeout = answerWithin;
  options.silence_limit = answerWithin;
  options.connect_timeout = connectWithin;
  return options;
}

QString seedsOf(const config::RedisUrl& url) {
  QStringList addresses;
  for (const config::Endpoint& host : url.hosts)
    addresses << QString::fromStdString(redis::Address{host.host, host.port}.to_text());
  return addresses.join(u',');
}

}  // namespace

struct DirectRedis::Link {
  Link(const redis::Options& options, const Clock& clock, Random& random)
      : database(options.database),
        topology(options.topology),
        masterName(QString::fromStdString(options.master_name)),
        ear(options.topology, clock),
        client(options, clock, random, &ear) {}

  const std::uint32_t database;
  const redis::Topology topology;
  const QString masterName;
  RedisEar ear;
  redis::ThreadedClient client;
};

boost::system::result<std::unique_ptr<DirectRedis>, QString> DirectRedis::open(const Access& access, const Clock& clock,
                                                                               Random& random) {
  const auto url = config::parse_redis_url(access.url.toStdString());
  if (url.has_error()) return QString::fromStdString(url.error());
  const redis::Options options = optionsOf(*url, access);
  std::unique_ptr<Link> link(new Link(options, clock, random));
  return std::unique_ptr<DirectRedis>(new DirectRedis(std::move(link), seedsOf(*url), clock));
}

DirectRedis::DirectRedis(std::unique_ptr<Link> link, QString address, const Clock& clock)
    : address_(std::move(address)),
      clock_(clock),
      patience_(std::chrono::milliseconds(connectWithin).count()),
      link_(std::move(link)) {
  again_.setSingleShot(true);
  again_.setInterval(retryMs);
  connect(&again_, &QTimer::timeout, this, [this] {
    awaiting_ = false;
    ask();
  });
}

DirectRedis::~DirectRedis() { link_.reset(); }

int DirectRedis::database() const { return static_cast<int>(link_->database); }

void DirectRedis::ask() {
  if (std::exchange(awaiting_, true)) return;
  // Handlers run on the client's thread, which ends before we do: what they tell us is told in ours.
  auto info = std::make_shared<RedisInfo>();
  RedisServers& servers = info->servers;
  servers.topology = topologyOf(link_->topology);
  servers.masterName = link_->masterName;
  if (link_->topology != redis::Topology::sentinel) return askServers(info);
  link_->client.ask_sentinels(sentinelsWithin, [this, info](const std::vector<redis::SentinelView>& views) {
    info->servers.sentinels = direct::sentinelsOf(views);
    askServers(info);
  });
}

void DirectRedis::askServers(const std::shared_ptr<RedisInfo>& info) {
  Link* const link = link_.get();
  const auto fail = [this, info](redis::Fault fault, std::string_view error) {
    const QString sentence = error.empty() ? textOf(redis::to_string(fault)) : textOf(error);
    const bool notConnected = fault == redis::Fault::not_connected;
    QMetaObject::invokeMethod(
        this, [this, notConnected, sentence, info] { onFailure(notConnected, sentence, info->servers.sentinels); },
        Qt::QueuedConnection);
  };
  const auto read = [this, link, info, fail](std::span<const redis::NodeAnswer> answers) {
    const auto told = server::read_answers(answers, link->topology, link->database);
    if (!told || !told->health) {
      const redis::Answer none = answers.empty() ? redis::Answer{} : answers.front().answer;
      return fail(none.fault, none.error);
    }
    direct::readHealth(*told->health, *info);
    info->servers.nodes = direct::nodesOf(told->nodes);
    info->servers.state = direct::stateOf(told->cluster);
    link->ear.tell(*info);
    QMetaObject::invokeMethod(
        this, [this, info] { onAnswer(*info); }, Qt::QueuedConnection);
  };
  // The way there is measured alone: INFO takes the server its time.
  link->client.ask({"PING"}, [link, info, fail, read](const redis::Answer& answer, std::chrono::nanoseconds took) {
    if (answer.replies.empty() || answer.fault != redis::Fault::none) return fail(answer.fault, answer.error);
    info->roundTripMs = std::chrono::duration<double, std::milli>(took).count();
    link->client.ask_each(server::survey_request(link->topology), read);
  });
}

void DirectRedis::askForTokens(const QString& wanted, const QByteArray& cursor) {
  std::string prefix = wanted.toStdString();
  if (!config::is_redis_prefix(prefix)) prefix = usualPrefix;  // it becomes part of a pattern
  Link* const link = link_.get();
  link->client.ask(
      redisScanRequest(prefix, cursor.toStdString()), [this, link, prefix](const redis::Answer& answer, auto) {
        auto keys = readRedisKeys(answer, prefix);
        if (!keys) return tellPage(std::nullopt);
        if (keys->names.empty()) return tellPage(Page{{}, QByteArray::fromStdString(keys->cursor)});
        redis::Request values = redisValuesRequest(keys->names);
        link->client.ask(std::move(values), [this, prefix, keys = *std::move(keys)](const redis::Answer& told, auto) {
          auto tokens = readRedisValues(told, keys.names, prefix, clock_.wall());
          if (!tokens) return tellPage(std::nullopt);
          tellPage(Page{*std::move(tokens), QByteArray::fromStdString(keys.cursor)});
        });
      });
}

void DirectRedis::tellPage(std::optional<Page> page) {
  QMetaObject::invokeMethod(
      this,
      [this, page = std::move(page)] {
        if (page)
          Q_EMIT listed(*page);
        else
          Q_EMIT notListed();
      },
      Qt::QueuedConnection);
}

void DirectRedis::onAnswer(const RedisInfo& info) {
  awaiting_ = false;
  patience_ = 0;
  RedisInfo whole = info;
  if (whole.address.isEmpty()) whole.address = address_;
  address_ = whole.address;
  whole.up = true;
  Q_EMIT answered(whole);
}

void DirectRedis::onFailure(bool notConnected, const QString& sentence, const QList<RedisSentinel>& sentinels) {
  if (notConnected && patience_ > 0) {
    patience_ -= retryMs;
    again_.start();
    return;
  }
  awaiting_ = false;
  if (!sentinels.isEmpty()) Q_EMIT sentinelsAnswered(sentinels);
  Q_EMIT failed(sentence);
}

}  // namespace vx11::cluster
