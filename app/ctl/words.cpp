#include "ctl/words.h"

#include <QCoreApplication>
#include <QHash>

namespace vx11::ctl {
namespace {

using cluster::Failure;
using cluster::InstanceInfo;
using cluster::InstanceState;

const QString unknown = QStringLiteral("–");

QString spoken(QString word) { return word.replace(u'_', u' '); }

/// The service's words for a refusal that somebody at a shell can do something about.
QString explained(const QString& code) {
  static const QHash<QString, const char*> known{
      {QStringLiteral("ttl_out_of_range"), "ttl out of range: at most its --max-ttl"},
      {QStringLiteral("invalid_event"), "invalid event: its name is 1 to 64 of A-Z a-z 0-9 . _ -"},
      {QStringLiteral("reserved_event"), "reserved event: snapshot, heartbeat, reset, revoked and drain are its own"},
      {QStringLiteral("rate_limited"), "rate limited: over its --rate-limit, try again later"},
      {QStringLiteral("token_table_full"), "token table full: it holds --max-tokens of them, try again later"},
      {QStringLiteral("store_unavailable"), "store unavailable: Redis does not answer it; see vx11ctl redis"},
  };
  const auto found = known.find(code);
  return found == known.end() ? spoken(code) : tr(*found);
}

}  // namespace

QString tr(const char* text) { return QCoreApplication::translate("vx11ctl", text); }

QString stateWord(InstanceState state) {
  switch (state) {
    case InstanceState::Unknown:
      break;
    case InstanceState::Starting:
      return QStringLiteral("starting");
    case InstanceState::Live:
      return QStringLiteral("live");
    case InstanceState::Degraded:
      return QStringLiteral("degraded");
    case InstanceState::Draining:
      return QStringLiteral("draining");
    case InstanceState::Paused:
      return QStringLiteral("paused");
    case InstanceState::Stopped:
      return QStringLiteral("stopped");
    case InstanceState::Unreachable:
      return QStringLiteral("unreachable");
  }
  return QStringLiteral("unknown");
}

Tone toneOf(InstanceState state) {
  switch (state) {
    case InstanceState::Live:
      return Tone::Good;
    case InstanceState::Unknown:
      return Tone::Faint;
    case InstanceState::Unreachable:
    case InstanceState::Stopped:
      return Tone::Bad;
    default:
      return Tone::Doubtful;
  }
}

bool answers(const InstanceInfo& instance) {
  return instance.answeredAt >= 0 && instance.attempts == 0 && instance.unreachableSince < 0;
}

QString whySilent(const InstanceInfo& instance) {
  const QString who = instance.url.isEmpty() ? instance.id : instance.url.toString();
  const QString why = instance.reason.isEmpty() ? QStringLiteral("timed_out") : instance.reason;
  if (why == QStringLiteral("timed_out")) return tr("%1 did not answer in time").arg(who);
  return tr("%1 can't be reached: %2").arg(who, spoken(why));
}

QString sentence(const Failure& failure) {
  const QString who = failure.instance.isEmpty() ? tr("the instance") : failure.instance;
  switch (failure.kind) {
    case Failure::Kind::None:
      return {};
    case Failure::Kind::Network:
      return tr("%1 can't be reached: %2").arg(who, spoken(failure.code));
    case Failure::Kind::Timeout:
      return tr("%1 did not answer in time").arg(who);
    case Failure::Kind::BadAnswer:
      return tr("%1 answered what the service never does").arg(who);
    case Failure::Kind::ReadOnly:
      return tr("the profile is read-only: change that in the console, or name its instances by --instance");
    case Failure::Kind::Cancelled:
      return tr("cancelled");
    case Failure::Kind::NoInstance:
      return tr("no instance is there to do it");
    case Failure::Kind::Http:
      break;
  }
  if (failure.httpStatus == 401 || failure.httpStatus == 403) return tr("%1 refuses the principal").arg(who);
  return tr("%1 answered %2: %3").arg(who, QString::number(failure.httpStatus), explained(failure.code));
}

int exitCodeOf(const Failure& failure) {
  switch (failure.kind) {
    case Failure::Kind::Network:
    case Failure::Kind::Timeout:
    case Failure::Kind::NoInstance:
      return 3;
    case Failure::Kind::Http:
      return failure.httpStatus >= 502 && failure.httpStatus <= 504 ? 3 : 1;
    default:
      return 1;
  }
}

QJsonValue orNull(const QString& text) { return text.isEmpty() ? QJsonValue(QJsonValue::Null) : QJsonValue(text); }

QString counted(const std::optional<qint64>& value) { return value ? QString::number(*value) : unknown; }

QString inMs(const std::optional<double>& value) {
  return value ? tr("%1 ms").arg(*value, 0, 'f', *value < 10 ? 2 : 0) : unknown;
}

QString lasting(double seconds) {
  if (seconds < 120) return tr("%1 s").arg(seconds, 0, 'f', 0);
  if (seconds < 7200) return tr("%1 min").arg(seconds / 60, 0, 'f', 0);
  if (seconds < 172'800) return tr("%1 h").arg(seconds / 3600, 0, 'f', 0);
  return tr("%1 d").arg(seconds / 86'400, 0, 'f', 0);
}

QJsonObject toJson(const InstanceInfo& instance) {
  const auto p95 = [](const std::optional<cluster::Quantiles>& latency) {
    return latency ? QJsonValue(latency->p95) : QJsonValue(QJsonValue::Null);
  };
  return {{QStringLiteral("id"), instance.id},
          {QStringLiteral("url"), instance.url.toString()},
          {QStringLiteral("state"), stateWord(instance.state)},
          {QStringLiteral("reason"), orNull(instance.reason)},
          {QStringLiteral("mode"), orNull(instance.mode)},
          {QStringLiteral("version"), orNull(instance.version)},
          {QStringLiteral("internal_calls"), instance.internalCalls},
          {QStringLiteral("uptime_sec"), orNull(instance.uptimeSec)},
          {QStringLiteral("ttl_sec"), orNull(instance.ttlSec)},
          {QStringLiteral("live_tokens"), orNull(instance.liveTokens)},
          {QStringLiteral("streams"), orNull(instance.streams)},
          {QStringLiteral("issued_total"), orNull(instance.issuedTotal)},
          {QStringLiteral("checked_total"), orNull(instance.checkedTotal)},
          {QStringLiteral("accepted_total"), orNull(instance.acceptedTotal)},
          {QStringLiteral("refused_total"), orNull(instance.refusedTotal)},
          {QStringLiteral("expired_total"), orNull(instance.expiredTotal)},
          {QStringLiteral("revoked_total"), orNull(instance.revokedTotal)},
          {QStringLiteral("local_hits_total"), orNull(instance.localHitsTotal)},
          {QStringLiteral("local_misses_total"), orNull(instance.localMissesTotal)},
          {QStringLiteral("issue_p95_ms"), p95(instance.issueLatency)},
          {QStringLiteral("check_p95_ms"), p95(instance.checkLatency)},
          {QStringLiteral("redis_configured"), orNull(instance.redisConfigured)}};
}

QJsonObject toJson(const Failure& failure) {
  QJsonObject object{{QStringLiteral("code"), failure.code}, {QStringLiteral("message"), sentence(failure)}};
  if (!failure.instance.isEmpty()) object.insert(QStringLiteral("instance"), failure.instance);
  if (failure.httpStatus != 0) object.insert(QStringLiteral("status"), failure.httpStatus);
  if (!failure.correlationId.isEmpty()) object.insert(QStringLiteral("correlation_id"), failure.correlationId);
  return object;
}

}  // namespace vx11::ctl
