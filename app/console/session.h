// The open profile: its cluster, the window over it, and its traffic in a demonstration. Another profile takes its
// place with everything; there is no moment without a window.
#pragma once

#include <QObject>
#include <QSize>
#include <QTimer>
#include <memory>
#include <vector>

#include "cluster/cluster.h"
#include "cluster/local_cluster.h"

namespace vx11::ui {
class MainWindow;
class Profiles;
class SettingsStore;
class ThemeManager;
}  // namespace vx11::ui

namespace vx11::console {

class Session : public QObject {
  Q_OBJECT
 public:
  struct Given {
    cluster::LocalClusterOptions localCluster;
    bool traffic = false;  ///< on a local cluster
    QSize size;            ///< of the first window; empty: as remembered
    bool instancesGiven = true;  ///< false: as many as the preferences say
  };
  /// All of it outlives the session.
  Session(const Given& given, ui::ThemeManager& themes, ui::SettingsStore& settings, ui::Profiles& profiles);
  ~Session() override;

  /// The first at once; another after the question that closing would ask.
  void open(const cluster::Profile& profile);
  void closeNow();
  // Since the first `open`, until the next one.
  [[nodiscard]] cluster::Cluster& cluster() const;
  [[nodiscard]] ui::MainWindow& window() const;

 Q_SIGNALS:
  void opened();  ///< the new window is shown, the old cluster is gone

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  struct Stage;
  void replace(const cluster::Profile& profile);
  [[nodiscard]] std::unique_ptr<cluster::Cluster> openCluster(const cluster::Profile& profile) const;
  void dropLeft();

  Given given_;
  ui::ThemeManager& themes_;
  ui::SettingsStore& settings_;
  ui::Profiles& profiles_;
  std::unique_ptr<Stage> stage_;
  QTimer dropLeft_;
  std::vector<std::unique_ptr<Stage>> left_;  ///< shown until the new window is painted
};

}  // namespace vx11::console
