#include "console/start_meter.h"

#include <time.h>
#include <unistd.h>

#include <QEvent>
#include <QFile>
#include <QTimer>
#include <algorithm>

#include "cluster/cluster.h"
#include "shell/main_window.h"
#include "shell/tool_bar.h"
#include "widgets/state_mark.h"

namespace vx11::console {

std::optional<qint64> millisecondsSinceProcessStart() {
  QFile file(QStringLiteral("/proc/self/stat"));
  if (!file.open(QIODevice::ReadOnly)) return std::nullopt;
  const QByteArray line = file.readAll();
  // The second field, in brackets, may hold spaces; the 22nd is the start in ticks since boot (proc(5)).
  const QList<QByteArray> fields = line.mid(line.lastIndexOf(')') + 2).split(' ');
  bool number = false;
  const qint64 ticks = fields.value(19).toLongLong(&number);
  timespec now{};
  if (!number || ::clock_gettime(CLOCK_BOOTTIME, &now) != 0) return std::nullopt;
  return now.tv_sec * 1000 + now.tv_nsec / 1'000'000 - ticks * 1000 / ::sysconf(_SC_CLK_TCK);
}

StartMeter::StartMeter(cluster::Cluster& cluster, ui::MainWindow& window) : QObject(&window), cluster_(cluster) {
  window.toolBar().connectionLabel().installEventFilter(this);
}

bool StartMeter::everythingRuns() const {
  const auto& instances = cluster_.instances();
  const auto& redis = cluster_.redis();
  const auto lives = [](const auto& info) { return info.state == cluster::InstanceState::Live; };
  return !instances.isEmpty() && std::all_of(instances.begin(), instances.end(), lives) &&
         (!redis.configured || redis.up.value_or(false));
}

bool StartMeter::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::Paint && !done_ && everythingRuns()) {
    done_ = true;
    // After the whole window of this frame was painted and handed over.
    QTimer::singleShot(0, this, [this] { Q_EMIT measured(millisecondsSinceProcessStart().value_or(-1)); });
  }
  return QObject::eventFilter(watched, event);
}

}  // namespace vx11::console
