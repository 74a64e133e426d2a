#include "cluster/direct_redis.h"

#include <utility>

#include "cluster/redis_page.h"
#include "config/redis_url.h"
#include "config/values.h"
#include "redis/health.h"
#include "redis/threaded_client.h"

namespace vx11::cluster {
namespace {

using namespace std::chrono_literals;
constexpr auto answerWithin = 2s, connectWithin = 3s;
constexpr int retryMs = 50;
constexpr auto usualPrefix = "vx11:";

RedisInfo infoOf(const redis::Health& health) {
  RedisInfo info;
  info.up = true;
  info.version = QString::fromStdString(health.version);
  info.mode = QString::fromStdString(health.mode);
  info.role = QString::fromStdString(health.role);
  info.policy = QString::fromStdString(health.maxmemory_policy);
  info.uptimeSec = health.uptime_s;
  info.usedMemory = health.used_memory;
  info.maxMemory = health.maxmemory;
  info.clients = health.connected_clients;
  info.blockedClients = health.blocked_clients;
  info.maxClients = health.max_clients;
  info.opsPerSec = health.ops_per_sec;
  info.evictedKeys = health.evicted_keys;
  info.expiredKeys = health.expired_keys;
  info.rejectedConnections = health.rejected_connections;
  info.keys = health.keys;
  info.hitRatio = RedisInfo::ratioOf(health.keyspace_hits, health.keyspace_misses);
  info.replicas = health.connected_replicas;
  info.replicationLagBytes = health.replication_lag_bytes;
  info.rdbChangesSinceSave = health.rdb_changes_since_save;
  info.rdbLastSaveAt = health.rdb_last_save_at;
  info.masterLinkUp = health.master_link_up;
  info.rdbLastSaveOk = health.rdb_last_save_ok;
  info.aofEnabled = health.aof_enabled;
  info.aofLastWriteOk = health.aof_last_write_ok;
  info.loading = health.loading;
  if (health.slow_log_length) info.slowLogLength = *health.slow_log_length;
  for (const redis::SlowCommand& slow : health.slow_log) {
    info.slowLog.append({slow.at, static_cast<double>(slow.took_us) / 1000, QString::fromStdString(slow.command)});
  }
  return info;
}

QString textOf(std::string_view text) { return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())); }

redis::Options optionsOf(const config::RedisUrl& url, const DirectRedis::Access& access) {
  redis::Options options;
  options.host = url.hosts.front().host;
  options.port = url.hosts.front().port;
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

}  // namespace

struct DirectRedis::Link {
  std::uint32_t database;
  redis::ThreadedClient client;
};

boost::system::result<std::unique_ptr<DirectRedis>, QString> DirectRedis::open(const Access& access, const Clock& clock,
                                                                               Random& random) {
  const auto url = config::parse_redis_url(access.url.toStdString());
  if (url.has_error()) return QString::fromStdString(url.error());
  if (url->topology != config::RedisUrl::Topology::single || url->hosts.empty()) {
    return tr("only a single Redis server can be asked from here");
  }
  const redis::Options options = optionsOf(*url, access);
  const QString host = QString::fromStdString(options.host);
  const QString address = (host.contains(u':') ? QStringLiteral("[%1]") : QStringLiteral("%1")).arg(host) + u':' +
                          QString::number(options.port);
  std::unique_ptr<Link> link(new Link{options.database, {options, clock, random}});
  return std::unique_ptr<DirectRedis>(new DirectRedis(std::move(link), address, clock));
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
  Link* const link = link_.get();
  const auto fail = [this](redis::Fault fault, std::string_view error) {
    const QString sentence = error.empty() ? textOf(redis::to_string(fault)) : textOf(error);
    const bool notConnected = fault == redis::Fault::not_connected;
    QMetaObject::invokeMethod(
        this, [this, notConnected, sentence] { onFailure(notConnected, sentence); }, Qt::QueuedConnection);
  };
  const auto read = [this, link, fail](const redis::Answer& answer, std::chrono::nanoseconds roundTrip) {
    const auto health = redis::read_health(answer.replies, link->database);
    if (!health) return fail(answer.fault, answer.error);
    RedisInfo info = infoOf(*health);
    info.roundTripMs = std::chrono::duration<double, std::milli>(roundTrip).count();
    QMetaObject::invokeMethod(
        this, [this, info = std::move(info)] { onAnswer(info); }, Qt::QueuedConnection);
  };
  // The way there is measured alone: INFO takes the server its time.
  link->client.ask({"PING"}, [link, fail, read](const redis::Answer& answer, std::chrono::nanoseconds roundTrip) {
    if (answer.replies.empty() || answer.fault != redis::Fault::none) return fail(answer.fault, answer.error);
    link->client.ask(redis::health_request(),
                     [read, roundTrip](const redis::Answer& told, std::chrono::nanoseconds) { read(told, roundTrip); });
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
  whole.address = address_;
  Q_EMIT answered(whole);
}

void DirectRedis::onFailure(bool notConnected, const QString& sentence) {
  if (notConnected && patience_ > 0) {
    patience_ -= retryMs;
    again_.start();
    return;
  }
  awaiting_ = false;
  Q_EMIT failed(sentence);
}

}  // namespace vx11::cluster
