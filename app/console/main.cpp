// The operator console: reads the command line and opens the first profile.
#include <QApplication>
#include <QEventLoop>
#include <QTemporaryDir>
#include <QTimer>
#include <cstdio>
#include <memory>

#include "cluster/local_cluster.h"
#include "console/keychain.h"
#include "console/last_profile.h"
#include "console/options.h"
#include "console/screenshooter.h"
#include "console/session.h"
#include "console/start_meter.h"
#include "platform/icons.h"
#include "platform/settings_store.h"
#include "process/shutdown_signals.h"
#include "shell/main_window.h"
#include "shell/profiles.h"
#include "shell/status_bar.h"

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

cluster::LocalClusterOptions localClusterOf(const Options& options) {
  cluster::LocalClusterOptions several;
  several.instances = options.instances;
  several.firstPort = options.firstPort;
  several.redisServers = options.scene == console::Scene::Sentinel || options.scene == console::Scene::Failover ? 3 : 1;
  // Pictures bring their traffic along, which is nothing for somebody's Redis.
  return options.screenshotDir.isEmpty() ? cluster::orWithGivenRedis(several) : several;
}

ui::Profiles::Surroundings surroundingsOf(const Options& options, cluster::SecretStore& keychain) {
  const QString path = options.settingsDir.isEmpty() ? cluster::ProfileStore::defaultPath()
                                                     : options.settingsDir + QStringLiteral("/profiles.json");
  QByteArray principal = qgetenv("VX11_OPERATOR_TOKEN").split(',').first().trimmed();
  ui::Profiles::Surroundings surroundings{
      cluster::ProfileStore(path), Secret({principal.constData(), static_cast<std::size_t>(principal.size())}),
      [several = localClusterOf(options)] { return cluster::whyNoLocalCluster(several); }, &keychain};
  wipe(principal.data(), static_cast<std::size_t>(principal.size()));
  return surroundings;
}

/// A screenshot shows the cluster where it can run. Nothing: there is no profile of that name.
std::optional<console::LastProfile> firstProfile(const Options& options, const ui::SettingsStore& settings,
                                                 const ui::Profiles& profiles) {
  const bool shooting = !options.screenshotDir.isEmpty();
  if (!options.profile.isEmpty()) {
    const auto named = profiles.find(options.profile);
    return named ? std::optional(console::LastProfile{*named}) : std::nullopt;
  }
  if (!options.demo && !shooting) return console::lastProfile(settings, profiles);
  const bool several = options.demo || !profiles.whyNoLocalCluster();
  return console::LastProfile{several ? ui::Profiles::localCluster() : ui::Profiles::localServer()};
}

QString noSuchProfile(const QString& name, const ui::Profiles& profiles) {
  QStringList names;
  for (const cluster::Profile& profile : profiles.remoteClusters()) names.append(profile.name);
  return QStringLiteral("vx11-console: there is no profile \"%1\" in %2; it has %3\n")
      .arg(name, profiles.store().path(), names.isEmpty() ? QStringLiteral("none") : names.join(QStringLiteral(", ")));
}

/// Of a profile that the command line opens. The keychain may ask to be unlocked: there is no window yet to be held up.
void awaitSecrets(ui::Profiles& profiles, const cluster::Profile& profile) {
  if (!profiles.isToBeFetched(profile)) return;
  QEventLoop asked;
  QString why;
  profiles.fetch(profile, [&](const QString& problem) {
    why = problem;
    asked.quit();
  });
  asked.exec();
  if (!why.isEmpty()) print(stderr, QStringLiteral("vx11-console: %1\n").arg(why));
}

int run(QApplication& app, Options options) {
  const bool shooting = !options.screenshotDir.isEmpty();
  const QTemporaryDir forgotten;  // a screenshot knows no earlier window and no profile, and leaves none
  if (shooting) options.settingsDir = forgotten.path();
  ui::SettingsStore settings(options.settingsDir);
  // Half a minute of traffic would be lost in the usual quarter of an hour.
  if (shooting) {
    settings.setViewState(QStringLiteral("charts"), {{QStringLiteral("range"), 0}});
    ui::Preferences quiet;
    quiet.notifies = false;
    settings.setPreferences(quiet);
  }
  ui::ThemeManager themes;
  themes.choose(options.theme.value_or(settings.preferences().theme));
  QApplication::setWindowIcon(ui::themedIcon(QStringLiteral("key"), ui::Token::Accent));

  console::Keychain keychain;  // untouched until a profile that has its secrets there is opened
  ui::Profiles profiles(surroundingsOf(options, keychain));
  const auto first = firstProfile(options, settings, profiles);
  if (!first) {
    print(stderr, noSuchProfile(options.profile, profiles));
    return 2;
  }
  const console::Session::Given given{localClusterOf(options), options.demo && !shooting, options.size,
                                      options.instancesGiven || shooting};
  console::Session session(given, themes, settings, profiles);
  if (!options.profile.isEmpty() && !shooting) awaitSecrets(profiles, first->profile);
  session.open(first->profile);
  if (!first->instead.isEmpty()) session.window().statusLine().showMessage(first->instead);

  const process::ShutdownSignals signals_;
  QObject::connect(&signals_, &process::ShutdownSignals::requested, &session, &console::Session::closeNow);

  if (options.measureStart) {
    const auto* meter = new console::StartMeter(session.cluster(), session.window());
    QObject::connect(meter, &console::StartMeter::measured, &app, [](qint64 ms) {
      print(stdout, QStringLiteral("%1\n").arg(ms));
      QApplication::exit(0);
    });
  }
  std::unique_ptr<console::Screenshooter> shooter;
  if (shooting) {
    const console::Screenshooter::Stage stage{session.window(), session.cluster(), themes, settings, profiles};
    shooter = std::make_unique<console::Screenshooter>(stage, options.screenshotDir, options.scene);
    shoot(app, *shooter);
  }
  const int code = QApplication::exec();
  // What the command line named was for this run; what was opened since is remembered.
  const QString last = console::keyOf(session.cluster().profile());
  const bool named = options.demo || !options.profile.isEmpty();
  if (!named || last != console::keyOf(first->profile)) settings.setLastProfile(last);
  return code;
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
    print(stderr,
          QStringLiteral("vx11-console: there is no display (DISPLAY and WAYLAND_DISPLAY are unset). vx11-tokend "
                         "runs the service without one; --screenshot DIR renders the pages without one.\n"));
    return 1;
  }
  QApplication app(argc, argv);
  describeApplication();
  return run(app, options);
}
