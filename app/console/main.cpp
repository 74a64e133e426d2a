// The operator console: reads the command line, opens the local server or cluster and the window over it.
#include <QApplication>
#include <QTemporaryDir>
#include <QTimer>
#include <cstdio>
#include <memory>

#include "cluster/local_cluster.h"
#include "cluster/local_server.h"
#include "console/demo_traffic.h"
#include "console/options.h"
#include "console/screenshooter.h"
#include "console/start_meter.h"
#include "platform/icons.h"
#include "platform/settings_store.h"
#include "process/shutdown_signals.h"
#include "shell/main_window.h"

namespace {

using namespace vx11;
using console::Options;

void print(FILE* to, const QString& text) {
  std::fputs(qUtf8Printable(text), to);
  std::fflush(to);
}

QStringList argumentsOf(int argc, char** argv) {
  QStringList arguments;
  for (int i = 1; i < argc; ++i) arguments.append(QString::fromLocal8Bit(argv[i]));
  return arguments;
}

// Before the application object: the platform and the scale are read only once.
void prepareScreenshots(const Options& options) {
  qputenv("QT_QPA_PLATFORM", "offscreen");
  qputenv("QT_SCALE_FACTOR", QByteArray::number(options.scale));
}

// Qt would end the process with an abort. A platform chosen by name, such as offscreen, needs no display.
bool hasDisplay() {
  for (const char* name : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}) {
    if (!qEnvironmentVariableIsEmpty(name)) return true;
  }
  return false;
}

void describeApplication() {
  QApplication::setApplicationName(QStringLiteral("vx11-console"));
  QApplication::setApplicationVersion(QStringLiteral(VX11_VERSION));
  QApplication::setDesktopFileName(QStringLiteral("vx11-console"));
}

void shoot(QApplication& app, console::Screenshooter& shooter) {
  QObject::connect(&shooter, &console::Screenshooter::finished, &app, [] { QApplication::exit(0); });
  QObject::connect(&shooter, &console::Screenshooter::failed, &app, [](const QString& sentence) {
    print(stderr, QStringLiteral("vx11-console: ") + sentence + u'\n');
    QApplication::exit(1);
  });
  QTimer::singleShot(0, &shooter, &console::Screenshooter::start);  // so that an early failure finds the event loop
}

/// A screenshot shows the cluster where it can run.
std::unique_ptr<cluster::Cluster> openCluster(const Options& options) {
  cluster::LocalClusterOptions several;
  several.instances = options.instances;
  several.firstPort = options.firstPort;
  const bool shows = !options.screenshotDir.isEmpty() && !cluster::whyNoLocalCluster(several);
  if (options.demo || shows) return cluster::openLocalCluster(several);
  cluster::LocalServerOptions one;
  one.firstPort = options.firstPort;
  return cluster::openLocalServer(one);
}

int run(QApplication& app, const Options& options) {
  const bool shooting = !options.screenshotDir.isEmpty();
  const QTemporaryDir forgotten;  // a screenshot knows no earlier window and leaves none
  ui::SettingsStore settings(shooting ? forgotten.path() : options.settingsDir);
  // Half a minute of traffic would be lost in the usual quarter of an hour.
  if (shooting) settings.setViewState(QStringLiteral("charts"), {{QStringLiteral("range"), 0}});
  ui::ThemeManager themes;
  themes.choose(options.theme.value_or(settings.theme()));
  QApplication::setWindowIcon(ui::themedIcon(QStringLiteral("key"), ui::Token::Accent));

  const auto cluster = openCluster(options);
  ui::MainWindow window(*cluster, themes, settings);
  if (options.size.isValid()) window.resize(options.size);

  const process::ShutdownSignals signals_;
  QObject::connect(&signals_, &process::ShutdownSignals::requested, &window, &ui::MainWindow::closeNow);

  std::unique_ptr<console::DemoTraffic> traffic;
  if (options.demo && !shooting) {
    traffic = std::make_unique<console::DemoTraffic>(*cluster);
    QObject::connect(traffic.get(), &console::DemoTraffic::streamsChanged, &window, &ui::MainWindow::setOwnStreams);
  }
  std::unique_ptr<console::Screenshooter> shooter;
  if (options.measureStart)
    QObject::connect(new console::StartMeter(*cluster, window), &console::StartMeter::measured, &app, [](qint64 ms) {
      print(stdout, QStringLiteral("%1\n").arg(ms));
      QApplication::exit(0);
    });
  window.show();
  if (shooting) {
    shooter = std::make_unique<console::Screenshooter>(window, *cluster, themes, options.screenshotDir,
                                                      options.scene);
    shoot(app, *shooter);
  }
  return QApplication::exec();
}

}  // namespace

int main(int argc, char** argv) {
  const Options options = console::parseOptions(argumentsOf(argc, argv));
  if (!options.error.isEmpty()) {
    print(stderr, QStringLiteral("vx11-console: %1\nvx11-console --help lists the options.\n").arg(options.error));
    return 2;
  }
  if (options.help || options.version) {
    print(stdout, options.help ? console::helpText() : QStringLiteral("vx11-console " VX11_VERSION "\n"));
    return 0;
  }
  if (!options.screenshotDir.isEmpty()) prepareScreenshots(options);
  if (!hasDisplay()) {
    print(stderr, QStringLiteral("vx11-console: there is no display (DISPLAY and WAYLAND_DISPLAY are unset). vx11-tokend "
                                 "runs the service without one; --screenshot DIR renders the pages without one.\n"));
    return 1;
  }
  QApplication app(argc, argv);
  describeApplication();
  return run(app, options);
}
