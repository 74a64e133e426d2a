// Renders every page in both themes to PNG files: a row of steps, each ended by a timer or by an answer, so that the
// event loop of the program is the only one.
#pragma once

#include <QDir>
#include <QList>
#include <QObject>
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
  Screenshooter(ui::MainWindow& window, cluster::Cluster& cluster, ui::ThemeManager& themes, const QString& directory,
                Scene scene = Scene::Healthy);
  ~Screenshooter() override;
  void start();

 Q_SIGNALS:
  void finished();
  void failed(const QString& sentence);

 private:
  struct Shot {
    QString name;
    ui::PageId page{};
    bool dark = false;
    bool log = false;
  };

  void waitForInstances();
  void planFirstStart();
  void startTraffic();
  void playScene();
  [[nodiscard]] const cluster::NodeInfo* victim() const;
  void testAcross();
  void planPages();
  void addShot(const QString& name, ui::PageId page, bool log = false);
  void next();
  void prepare(const Shot& shot);
  void take(const Shot& shot);
  void fail(const QString& sentence);

  ui::MainWindow& window_;
  cluster::Cluster& cluster_;
  ui::ThemeManager& themes_;
  QDir directory_;
  Scene scene_;
  std::unique_ptr<DemoTraffic> traffic_;
  QTimer deadline_;
  bool waiting_ = true;
  QList<Shot> plan_;
  std::function<void()> afterPlan_;
};

}  // namespace vx11::console
