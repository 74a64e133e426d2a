// A little real traffic over HTTP for screenshots: tokens of several lives, checks that are accepted and refused, a few
// open streams.
#pragma once

#include <QNetworkAccessManager>
#include <QObject>
#include <QStringList>
#include <QTimer>
#include <QUrl>

#include "token/secret.h"

namespace vx11::console {

class DemoTraffic : public QObject {
  Q_OBJECT
 public:
  DemoTraffic(const QUrl& server, Secret principal, QObject* parent = nullptr);
  void start();
  /// Closes the streams and sends nothing more.
  void stop();

 private:
  void tick();
  void issue(int ttlSec, bool singleUse, bool withStream);
  void check(const QString& token);
  void openStream(const QString& token);

  QUrl server_;
  Secret principal_;
  QNetworkAccessManager network_;
  QTimer timer_;
  QStringList tokens_;
  QList<QNetworkReply*> streams_;
  int ticks_ = 0;
};

}  // namespace vx11::console
