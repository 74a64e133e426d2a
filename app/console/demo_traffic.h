// A little real traffic over HTTP, for a demonstration and for screenshots: tokens of several lives on every live
// instance in turn, checks on others than the one that issued, accepted and refused, a few open streams.
#pragma once

#include <QNetworkAccessManager>
#include <QObject>
#include <QTimer>
#include <QUrl>

#include "cluster/cluster.h"

namespace vx11::console {

class DemoTraffic : public QObject {
  Q_OBJECT
 public:
  /// Begins at once, with whatever is live; the cluster outlives it and has a principal of its own.
  explicit DemoTraffic(cluster::Cluster& cluster, QObject* parent = nullptr);
  ~DemoTraffic() override { stop(); }
  /// Closes the streams and sends nothing more.
  void stop();

 Q_SIGNALS:
  void streamsChanged(int open);

 private:
  struct Known {
    QString token;
    int slot = 0;
  };

  void tick();
  [[nodiscard]] const cluster::InstanceInfo* live(int turn, int notSlot = -1) const;
  void issue(int turn);
  void check(const QString& token, const QUrl& instance);
  void openStream(const QString& token, const QUrl& instance);

  cluster::Cluster& cluster_;
  Secret principal_;
  QNetworkAccessManager network_;
  QTimer timer_;
  QList<Known> tokens_;
  QList<QNetworkReply*> streams_;
  int ticks_ = 0, issued_ = 0, checked_ = 0;
};

}  // namespace vx11::console
