#include "cluster/event_source.h"

#include <algorithm>
#include <utility>

#include "cluster/http_caller.h"
#include "cluster/wire.h"

namespace vx11::cluster {
namespace {

constexpr qsizetype readBuffer = 1024 * 1024, largestEvent = 1024 * 1024, largestRefusal = 64 * 1024;

QString instanceOf(const QNetworkReply& reply) {
  return QString::fromUtf8(reply.rawHeader("X-VX11-Instance").left(128));
}

Failure answered(QNetworkReply& reply) {
  Failure failure;
  failure.httpStatus = HttpCaller::statusOf(reply);
  failure.correlationId = QString::fromLatin1(reply.rawHeader("X-Correlation-Id").left(64));
  failure.instance = instanceOf(reply);
  return failure;
}

Failure badAnswer(QNetworkReply& reply, const QString& code) {
  Failure failure = answered(reply);
  failure.kind = Failure::Kind::BadAnswer;
  failure.code = code;
  return failure;
}

}  // namespace

void EventSource::DeleteLater::operator()(QNetworkReply* reply) const { reply->deleteLater(); }

EventSource::EventSource(Opener open, QByteArray lastEventId, QObject* parent)
    : QObject(parent), open_(std::move(open)), lastEventId_(std::move(lastEventId)) {
  again_.setSingleShot(true);
  again_.setTimerType(Qt::PreciseTimer);
  connect(&again_, &QTimer::timeout, this, &EventSource::connectNow);
}

EventSource::~EventSource() { drop(); }

void EventSource::stop() {
  again_.stop();
  drop();
}

/// It lives on until the event loop deletes it; nobody listens to a request that goes.
void EventSource::drop() {
  if (reply_) reply_->disconnect(this);
  reply_.reset();
}

void EventSource::connectNow() {
  again_.stop();
  drop();
  accepted_ = false;
  parser_ = SseParser(largestEvent, lastEventId_);
  reply_.reset(open_(lastEventId_));
  reply_->setReadBufferSize(readBuffer);
  connect(reply_.get(), &QNetworkReply::metaDataChanged, this, &EventSource::onHeaders);
  connect(reply_.get(), &QNetworkReply::readyRead, this, &EventSource::onBytes);
  connect(reply_.get(), &QNetworkReply::finished, this, &EventSource::onFinished);
  Q_EMIT connecting();
}

void EventSource::onHeaders() {
  if (accepted_ || !reply_ || HttpCaller::statusOf(*reply_) != 200) return;
  if (!reply_->rawHeader("Content-Type").startsWith("text/event-stream")) {
    return refuse(badAnswer(*reply_, QStringLiteral("not_a_stream")));
  }
  accepted_ = true;
  Q_EMIT opened(instanceOf(*reply_));
}

void EventSource::onBytes() {
  if (!reply_ || !accepted_) return;
  std::vector<SseEvent> events;
  const bool sound = parser_.feed(reply_->readAll(), events);
  lastEventId_ = parser_.lastEventId();
  if (const auto told = parser_.retry()) retry_ = std::max(leastRetry, std::chrono::milliseconds(*told));
  const QNetworkReply* const current = reply_.get();
  for (const SseEvent& event : events) {
    Q_EMIT received(event);
    if (reply_.get() != current) return;
  }
  if (!sound) refuse(badAnswer(*reply_, QStringLiteral("too_large")));
}

void EventSource::onFinished() {
  onHeaders();
  onBytes();
  if (!reply_) return;
  const int status = HttpCaller::statusOf(*reply_);
  if (status != 0 && status != 200) {
    Failure failure = answered(*reply_);
    failure.kind = Failure::Kind::Http;
    failure.code = wire::parseDetail(reply_->read(largestRefusal));
    if (failure.code.isEmpty()) failure.code = QStringLiteral("http_%1").arg(status);
    return refuse(std::move(failure));
  }
  const Failure failure =
      reply_->error() == QNetworkReply::NoError ? Failure() : HttpCaller::failureOf(*reply_);
  drop();
  again_.start(retry_);
  Q_EMIT cut(failure, retry_.count());
}

void EventSource::refuse(Failure failure) {
  drop();
  Q_EMIT refused(failure);
}

}  // namespace vx11::cluster
