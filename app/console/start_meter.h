// Measures a start: from the start of the process, as the kernel noted it, to the first painted frame whose toolbar
// says that everything is connected: the embedded server, or each instance of a local cluster and its Redis.
#pragma once

#include <QObject>
#include <optional>

namespace vx11::cluster {
class Cluster;
}
namespace vx11::ui {
class MainWindow;
}

namespace vx11::console {

/// Milliseconds since the kernel started this process (/proc/self/stat, in steps of 10 ms); empty where it doesn't
/// tell.
[[nodiscard]] std::optional<qint64> millisecondsSinceProcessStart();

class StartMeter : public QObject {
  Q_OBJECT
 public:
  StartMeter(cluster::Cluster& cluster, ui::MainWindow& window);

 Q_SIGNALS:
  void measured(qint64 milliseconds);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  [[nodiscard]] bool everythingRuns() const;

  cluster::Cluster& cluster_;
  bool done_ = false;
};

}  // namespace vx11::console
