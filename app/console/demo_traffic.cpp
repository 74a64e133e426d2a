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

constexpr int stepMs = 100, streams = 4, remembered = 60;
constexpr int lives[] = {60, 45, 60, 20, 60, 120, 8, 60, 300, 30};

QUrl at(const QUrl& server, const char* path, const QString& token = {}) {
  QUrl url = server;
  url.setPath(QLatin1String(path));
  if (!token.isEmpty()) url.setQuery(QUrlQuery{{QStringLiteral("token"), token}});
  return url;
}

}  // namespace

DemoTraffic::DemoTraffic(const QUrl& server, Secret principal, QObject* parent)
    : QObject(parent), server_(server), principal_(std::move(principal)) {
  timer_.setInterval(stepMs);
  connect(&timer_, &QTimer::timeout, this, &DemoTraffic::tick);
}

void DemoTraffic::start() { timer_.start(); }

void DemoTraffic::stop() {
  timer_.stop();
  for (QNetworkReply* stream : std::exchange(streams_, {})) stream->abort();
}

// About two tokens and ten checks a second, in a slow wave, so that the curves have a shape.
void DemoTraffic::tick() {
  const int n = ticks_++;
  const double wave = 1 + 0.5 * std::sin(n / 25.0);
  if (n % 10 < qRound(2 * wave)) issue(lives[static_cast<std::size_t>(n) % std::size(lives)], n % 37 == 0, streams_.size() < streams);
  if (tokens_.isEmpty()) return;
  const int checks = qRound(wave);
  for (int i = 0; i < checks; ++i) check(tokens_[(n * 7 + i) % tokens_.size()]);
  if (n % 12 == 5) check(QUuid::createUuid().toString(QUuid::WithoutBraces));
}

void DemoTraffic::issue(int ttlSec, bool singleUse, bool withStream) {
  QNetworkRequest request(at(server_, "/operator/api/events/sse-token"));
  request.setHeader(QNetworkRequest::ContentTypeHeader, QStringLiteral("application/json"));
  const auto principal = principal_.reveal();
  request.setRawHeader("X-VX11-Token", QByteArray(principal.data(), static_cast<qsizetype>(principal.size())));
  const QJsonObject body{{QStringLiteral("ttl_sec"), ttlSec}, {QStringLiteral("single_use"), singleUse}};
  QNetworkReply* reply = network_.post(request, QJsonDocument(body).toJson(QJsonDocument::Compact));
  connect(reply, &QNetworkReply::finished, this, [this, reply, withStream] {
    reply->deleteLater();
    const QString token =
        QJsonDocument::fromJson(reply->readAll()).object().value(QStringLiteral("sse_token")).toString();
    if (token.isEmpty()) return;
    tokens_.append(token);
    if (tokens_.size() > remembered) tokens_.removeFirst();
    if (withStream) openStream(token);
  });
}

void DemoTraffic::check(const QString& token) {
  QNetworkReply* reply = network_.get(QNetworkRequest(at(server_, "/operator/api/events/validate", token)));
  connect(reply, &QNetworkReply::finished, reply, &QObject::deleteLater);
}

void DemoTraffic::openStream(const QString& token) {
  QNetworkReply* reply = network_.get(QNetworkRequest(at(server_, "/operator/api/events/stream", token)));
  streams_.append(reply);
  connect(reply, &QNetworkReply::readyRead, reply, [reply] { reply->readAll(); });
  connect(reply, &QNetworkReply::finished, this, [this, reply] {
    streams_.removeAll(reply);
    reply->deleteLater();
  });
}

}  // namespace vx11::console
