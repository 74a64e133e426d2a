// What a stream of LiveStreams needs beside what is told of it. Its members go in the reverse of their order here: the
// source before its caller, the caller before its connections.
#pragma once

#include <QNetworkAccessManager>
#include <memory>

#include "cluster/live_streams.h"

namespace vx11::cluster {

struct LiveStreams::Line {
  struct Later {
    void operator()(EventSource* gone) const {
      gone->stop();  // its request goes before its manager
      gone->deleteLater();
    }
  };
  std::shared_ptr<QNetworkAccessManager> network;
  std::unique_ptr<HttpCaller> caller;
  std::unique_ptr<EventSource, Later> source;
  HttpCall issuing;
  QByteArray lastEventId;  ///< whole; also while there is no source
  QString told;            ///< the last event of ours that says how the connection ends: "drain", "revoked"
  bool heard = false;      ///< an event came by this connection
};

}  // namespace vx11::cluster
