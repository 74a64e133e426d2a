#include "console/demo_traffic.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QNetworkReply>
#include <QUrlQuery>
#include <QUuid>
#include <cmath>
#include <utility>

namespace vx11::console {
namespace {

using cluster::InstanceInfo;
using cluster::InstanceState;

constexpr int stepMs = 100, mostStreams = 4, remembered = 60, patienceMs = 3000;
constexpr int lives[] = {60, 45, 60, 20, 60, 120, 8, 60, 300, 30};

QUrl at(const QUrl& instance, const char* path, const QString& token = {}) {
  QUrl url = instance;
  url.setPath(QLatin1String(path));
  if (!token.isEmpty()) url.setQuery(QUrlQuery{{QStringLiteral("token"), token}});
  return url;
}

}  // namespace

DemoTraffic::DemoTraffic(cluster::Cluster& cluster, QObject* parent)
    : QObject(parent), cluster_(cluster), principal_(cluster.localPrincipal()) {
  timer_.setInterval(stepMs);
  connect(&timer_, &QTimer::timeout, this, &DemoTraffic::tick);
  timer_.start();
}

void DemoTraffic::stop() {
  timer_.stop();
  for (QNetworkReply* stream : std::exchange(streams_, {})) stream->abort();
}

/// Those that answer, in turn; one of them is left out where there are others.
const InstanceInfo* DemoTraffic::live(int turn, int notSlot) const {
  QList<const InstanceInfo*> candidates;
  const InstanceInfo* excluded = nullptr;
  for (const InstanceInfo& instance : cluster_.instances()) {
    if (instance.state != InstanceState::Live && instance.state != InstanceState::Degraded) continue;
    if (instance.slot == notSlot) excluded = &instance;
    else candidates.append(&instance);
  }
  return candidates.isEmpty() ? excluded : candidates[turn % candidates.size()];
}

// About two tokens and ten checks a second, in a slow wave, so that the curves have a shape.
void DemoTraffic::tick() {
  const int n = ticks_++;
  const double wave = 1 + 0.5 * std::sin(n / 25.0);
  if (n % 10 < qRound(2 * wave)) issue(issued_++);
  if (tokens_.isEmpty()) return;
  for (int i = qRound(wave); i > 0; --i) {
    const Known known = tokens_[checked_ * 7 % tokens_.size()];
    // Every third where it was issued, the others elsewhere: hits and misses.
    const bool elsewhere = checked_++ % 3 != 0;
    if (const InstanceInfo* instance = live(elsewhere ? checked_ : known.slot, elsewhere ? known.slot : -1))
      check(known.token, instance->url);
  }
  if (n % 12 != 5) return;
  if (const InstanceInfo* instance = live(n)) check(QUuid::createUuid().toString(QUuid::WithoutBraces), instance->url);
}

void DemoTraffic::issue(int turn) {
  const InstanceInfo* instance = live(turn);
  if (!instance) return;
  QNetworkRequest request(at(instance->url, "/operator/api/events/sse-token"));
  request.setHeader(QNetworkRequest::ContentTypeHeader, QStringLiteral("application/json"));
  request.setTransferTimeout(patienceMs);
  const auto principal = principal_.reveal();
  request.setRawHeader("X-VX11-Token", QByteArray(principal.data(), static_cast<qsizetype>(principal.size())));
  const int ttlSec = lives[static_cast<std::size_t>(turn) % std::size(lives)];
  const QJsonObject body{{QStringLiteral("ttl_sec"), ttlSec}, {QStringLiteral("single_use"), turn % 37 == 5}};
  QNetworkReply* reply = network_.post(request, QJsonDocument(body).toJson(QJsonDocument::Compact));
  connect(reply, &QNetworkReply::finished, this, [this, reply, slot = instance->slot] {
    reply->deleteLater();
    const QString token =
        QJsonDocument::fromJson(reply->readAll()).object().value(QStringLiteral("sse_token")).toString();
    if (token.isEmpty() || !timer_.isActive()) return;
    tokens_.append({token, slot});
    if (tokens_.size() > remembered) tokens_.removeFirst();
    if (streams_.size() >= mostStreams) return;
    if (const InstanceInfo* other = live(static_cast<int>(streams_.size()))) openStream(token, other->url);
  });
}

void DemoTraffic::check(const QString& token, const QUrl& instance) {
  QNetworkRequest request(at(instance, "/operator/api/events/validate", token));
  request.setTransferTimeout(patienceMs);
  QNetworkReply* reply = network_.get(request);
  connect(reply, &QNetworkReply::finished, reply, &QObject::deleteLater);
}

void DemoTraffic::openStream(const QString& token, const QUrl& instance) {
  QNetworkReply* reply = network_.get(QNetworkRequest(at(instance, "/operator/api/events/stream", token)));
  streams_.append(reply);
  Q_EMIT streamsChanged(static_cast<int>(streams_.size()));
  connect(reply, &QNetworkReply::readyRead, reply, [reply] { reply->readAll(); });
  connect(reply, &QNetworkReply::finished, this, [this, reply] {
    reply->deleteLater();
    if (streams_.removeAll(reply) > 0) Q_EMIT streamsChanged(static_cast<int>(streams_.size()));
  });
}

}  // namespace vx11::console
