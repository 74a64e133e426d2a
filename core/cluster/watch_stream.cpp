#include "cluster/watch_stream.h"

#include <utility>

#include "cluster/http_caller.h"

namespace vx11::cluster {
namespace {
using namespace std::chrono_literals;
constexpr auto headersWithin = 5s, silentFor = 60s;
constexpr qsizetype readBuffer = 1024 * 1024;
}  // namespace

void WatchStream::DeleteLater::operator()(QNetworkReply* reply) const { reply->deleteLater(); }

WatchStream::WatchStream(QNetworkReply* reply, QObject* parent) : QObject(parent), reply_(reply) {
  reply->setReadBufferSize(readBuffer);
  silence_.setSingleShot(true);
  connect(&silence_, &QTimer::timeout, this, [this] {
    Failure failure;
    failure.kind = Failure::Kind::Timeout;
    failure.code = QStringLiteral("timed_out");
    end(std::move(failure));
  });
  silence_.start(headersWithin);
  connect(reply, &QNetworkReply::metaDataChanged, this, &WatchStream::onHeaders);
  connect(reply, &QNetworkReply::readyRead, this, &WatchStream::onBytes);
  connect(reply, &QNetworkReply::finished, this, [this] {
    onHeaders();
    onBytes();
    if (!reply_) return;
    const int status = HttpCaller::statusOf(*reply_);
    Failure failure = HttpCaller::failureOf(*reply_);
    if (status != 0 && status != 200) {
      failure.kind = Failure::Kind::Http;
      failure.httpStatus = status;
      failure.code = QStringLiteral("http_%1").arg(status);
    } else if (reply_->error() == QNetworkReply::NoError) {
      failure.code = QStringLiteral("stream_ended");
    }
    end(std::move(failure));
  });
}

WatchStream::~WatchStream() {
  // It lives on until the event loop deletes it; nobody listens to a stream that goes.
  if (reply_) reply_->disconnect(this);
}

void WatchStream::onHeaders() {
  if (accepted_ || !reply_ || HttpCaller::statusOf(*reply_) != 200) return;
  const bool isStream = reply_->rawHeader("Content-Type").startsWith("text/event-stream");
  if (!isStream) return endBadly(QStringLiteral("not_a_stream"));
  accepted_ = true;
  silence_.start(silentFor);
}

void WatchStream::onBytes() {
  if (!reply_ || !accepted_) return;
  const QByteArray bytes = reply_->readAll();
  if (bytes.isEmpty()) return;
  silence_.start(silentFor);
  std::vector<SseEvent> events;
  const bool sound = parser_.feed(bytes, events);
  for (const auto& event : events) {
    const auto read = wire::parseWatchEvent(event.type, event.data);
    if (!read) return endBadly(QStringLiteral("bad_event"));
    Q_EMIT received(*read);
    if (!reply_) return;
  }
  if (!sound) endBadly(QStringLiteral("too_large"));
}

void WatchStream::endBadly(const QString& code) {
  Failure failure;
  failure.kind = Failure::Kind::BadAnswer;
  failure.code = code;
  end(std::move(failure));
}

void WatchStream::end(Failure failure) {
  if (!reply_) return;
  silence_.stop();
  reply_->disconnect(this);
  reply_.reset();
  Q_EMIT ended(failure);
}

}  // namespace vx11::cluster
