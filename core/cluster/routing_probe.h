// Who answers behind the balancer: a client of its own issues tokens there and opens a stream with each several times,
// by the two calls that the routing is for, each over a new connection. It tells what it saw and judges nothing.
#pragma once

#include <QHash>
#include <QNetworkAccessManager>
#include <QObject>
#include <functional>
#include <memory>

#include "cluster/instance_client.h"

namespace vx11::cluster {

/// A client of the balancer that shares no connection with anybody.
struct BalancerVisitor {
  std::unique_ptr<QNetworkAccessManager> network;
  InstanceClient client;
};

/// GUI thread only. All its calls come from this machine: one client address. Deleted before its end it tells nothing.
class RoutingProbe final : public QObject {
  Q_OBJECT
 public:
  static constexpr int tokens = 3, checksOfEach = 4;  ///< fifteen answers
  static constexpr int lifeSec = 10;
  static constexpr std::chrono::milliseconds deadline{2000};

  struct Seen {
    /// By instance: its answers, and of its checks how many there were and how many said no. "": it didn't say who it
    /// is.
    QHash<QString, int> answers, checked, refused;
    QString problem;  ///< a sentence: no answer, or a token that was refused
  };

  /// Begins at once; `ended` comes later, from the event loop.
  RoutingProbe(std::unique_ptr<BalancerVisitor> visitor, QObject* parent);
  ~RoutingProbe() override;

 Q_SIGNALS:
  void ended(const vx11::cluster::RoutingProbe::Seen& seen);

 private:
  void next();
  void issue();
  void check();
  void fail(const QString& problem);
  void end();

  std::unique_ptr<BalancerVisitor> visitor_;
  HttpCall call_;
  TokenText token_;
  int issued_ = 0, checked_ = 0;
  QString issuer_;
  Seen seen_;
};

}  // namespace vx11::cluster
