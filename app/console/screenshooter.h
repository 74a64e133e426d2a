// Renders every page, and the dialogs one meets first, in both themes to PNG files: a row of steps, each ended by a
// timer or by an answer, so that the event loop of the program is the only one.
#pragma once

#include <QDir>
#include <QList>
#include <QObject>
#include <QThreadPool>
#include <QTimer>
#include <functional>
#include <memory>

#include "console/options.h"
#include "platform/theme.h"
#include "shell/main_window.h"

namespace vx11::console {

class DemoTraffic;

class Screenshooter : public QObject {
  Q_OBJECT
 public:
  /// All of it outlives the screenshooter.
  struct Stage {
    ui::MainWindow& window;
    cluster::Cluster& cluster;
    ui::ThemeManager& themes;
    ui::SettingsStore& settings;
    ui::Profiles& profiles;  ///< of a store that may be written to
  };
  Screenshooter(const Stage& stage, const QString& directory, Scene scene = Scene::Healthy);
  ~Screenshooter() override;
  void start();

 Q_SIGNALS:
  void finished();
  void failed(const QString& sentence);

 private:
  using Step = std::function<void(ui::MainWindow&)>;
  struct Shot {
    QString name;
    bool dark = false;
    ui::MainWindow* window = nullptr;
    Step show, hide;
  };

  void waitForInstances();
  void planFirstStart();
  void startTraffic();
  void playScene();
  [[nodiscard]] const cluster::NodeInfo* victim() const;
  void openStreams();
  void saveProfiles();
  void openProduction();
  void testAcross();
  void planPages();
  void planDialogs();
  void addShot(const QString& name, ui::MainWindow& window, Step show, Step hide = {});
  void next();
  void take(const Shot& shot);
  void fail(const QString& sentence);

  ui::MainWindow& window_;
  cluster::Cluster& cluster_;
  ui::ThemeManager& themes_;
  ui::SettingsStore& settings_;
  ui::Profiles& profiles_;
  QDir directory_;
  Scene scene_;
  std::unique_ptr<DemoTraffic> traffic_;
  std::unique_ptr<cluster::Cluster> production_;  ///< the same instances under a production profile
  std::unique_ptr<ui::MainWindow> productionWindow_;
  QTimer deadline_;
  bool waiting_ = true, failed_ = false;
  QList<Shot> plan_;
  std::function<void()> afterPlan_;
  QThreadPool saving_;  ///< a picture is written while the next page settles
};

}  // namespace vx11::console
