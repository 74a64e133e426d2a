// The service inside this process: started and watched from other threads, told of by signals on this one. Starting
// never blocks the thread that owns it.
#pragma once

#include <QObject>
#include <QUrl>
#include <memory>
#include <thread>
#include <vector>

#include "config/settings.h"
#include "token/clock.h"
#include "token/random.h"

namespace vx11::cluster {

class EmbeddedServer final : public QObject {
  Q_OBJECT
 public:
  /// Starts at once on the first of `ports` that isn't in use. Clock and random outlive it.
  EmbeddedServer(config::Settings settings, std::vector<std::uint16_t> ports, const Clock& clock, Random& random,
                 QObject* parent = nullptr);
  /// Ends it at once.
  ~EmbeddedServer() override;

  /// Begins a graceful stop, unless one has begun or it isn't started yet; `stopped` comes within the settings' stop
  /// timeout.
  void drain();
  /// A last word to the streams of others before the end: drains, and blocks until that is done, for a second at most.
  void sayGoodbye();

 Q_SIGNALS:
  void started(const QUrl& url, quint16 port, double startupMs);
  void failed(const QString& sentence);
  void draining();  ///< by `drain`, or because a client asked for it
  void stopped();   ///< by itself, or because a client asked for it
  void logged(const QList<QByteArray>& lines);

 private:
  struct Link;
  void onNews();

  std::shared_ptr<Link> link_;
  std::jthread starter_;
};

}  // namespace vx11::cluster
