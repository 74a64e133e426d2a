// One connection to tokens/watch: bytes into events, until it ends. A silent connection counts as cut, because the
// instance sends heartbeats.
#pragma once

#include <QNetworkReply>
#include <QObject>
#include <QTimer>
#include <memory>

#include "cluster/sse_parser.h"
#include "cluster/wire.h"

namespace vx11::cluster {

class WatchStream final : public QObject {
  Q_OBJECT
 public:
  /// Takes the reply over.
  explicit WatchStream(QNetworkReply* reply, QObject* parent = nullptr);
  ~WatchStream() override;

 Q_SIGNALS:
  void received(const vx11::cluster::wire::WatchEvent& event);
  /// Once. Kind::Http with the status when it was refused; Kind::BadAnswer when it wasn't an event stream or broke its
  /// rules; otherwise what cut it.
  void ended(const vx11::cluster::Failure& failure);

 private:
  void onHeaders();
  void onBytes();
  void end(Failure failure);
  void endBadly(const QString& code);

  struct DeleteLater {
    void operator()(QNetworkReply* reply) const;
  };
  std::unique_ptr<QNetworkReply, DeleteLater> reply_;
  SseParser parser_;
  QTimer silence_;
  bool accepted_ = false;
};

}  // namespace vx11::cluster
