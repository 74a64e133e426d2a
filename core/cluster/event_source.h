// One event stream as a browser holds it (WHATWG HTML, 9.2): it comes back by the same URL with the last id whenever it
// ends, after the time that `retry:` told; any answer but a 200 with an event stream is the end of it.
#pragma once

#include <QNetworkReply>
#include <QObject>
#include <QTimer>
#include <functional>
#include <memory>

#include "cluster/sse_parser.h"
#include "cluster/types.h"

namespace vx11::cluster {

/// In a slot of its own it may be stopped, but deleted only by deleteLater.
class EventSource final : public QObject {
  Q_OBJECT
 public:
  static constexpr std::chrono::milliseconds usualRetry{3000};  ///< until the stream tells; as Chromium's
  static constexpr std::chrono::milliseconds leastRetry{20};

  /// Sends the request, always the same but for the id (empty: none). The reply is taken over.
  using Opener = std::function<QNetworkReply*(const QByteArray& lastEventId)>;
  EventSource(Opener open, QByteArray lastEventId, QObject* parent = nullptr);
  ~EventSource() override;

  /// Now, whatever it waits for; what is open is cut.
  void connectNow();
  /// Nothing more comes of it.
  void stop();
  [[nodiscard]] const QByteArray& lastEventId() const { return lastEventId_; }

 Q_SIGNALS:
  void connecting();
  void opened(const QString& instance);
  void received(const vx11::cluster::SseEvent& event);
  /// It ended and comes back in `retryMs`. A failure says what cut it; none: the server closed it.
  void cut(const vx11::cluster::Failure& failure, qint64 retryMs);
  /// For good.
  void refused(const vx11::cluster::Failure& failure);

 private:
  struct DeleteLater {
    void operator()(QNetworkReply* reply) const;
  };
  void onHeaders();
  void onBytes();
  void onFinished();
  void refuse(Failure failure);
  void drop();

  Opener open_;
  QByteArray lastEventId_;
  std::unique_ptr<QNetworkReply, DeleteLater> reply_;
  SseParser parser_;
  std::chrono::milliseconds retry_ = usualRetry;
  QTimer again_;
  bool accepted_ = false;
};

}  // namespace vx11::cluster
