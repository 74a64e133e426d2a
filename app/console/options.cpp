#include "console/options.h"

#include <QCoreApplication>

namespace vx11::console {
namespace {

QString tr(const char* text) { return QCoreApplication::translate("vx11::console::Options", text); }

bool takesValue(const QString& name) {
  static const QStringList names = {QStringLiteral("--screenshot"),   QStringLiteral("--theme"),
                                    QStringLiteral("--settings-dir"), QStringLiteral("--port"),
                                    QStringLiteral("--size"),         QStringLiteral("--scale"),
                                    QStringLiteral("--instances"),    QStringLiteral("--scene"),
                                    QStringLiteral("--profile")};
  return names.contains(name);
}

QString readTheme(Options& options, const QString& value) {
  if (value == QLatin1String("light"))
    options.theme = ui::ThemeChoice::Light;
  else if (value == QLatin1String("dark"))
    options.theme = ui::ThemeChoice::Dark;
  else if (value == QLatin1String("system"))
    options.theme = ui::ThemeChoice::System;
  else
    return tr("--theme takes light, dark or system, not \"%1\"").arg(value);
  return {};
}

QString readSize(Options& options, const QString& value) {
  const QStringList parts = value.split(QLatin1Char('x'));
  bool wide = false, high = false;
  if (parts.size() == 2) options.size = {parts[0].toInt(&wide), parts[1].toInt(&high)};
  if (wide && high && options.size.width() >= 1024 && options.size.height() >= 640) return {};
  return tr("--size takes WIDTHxHEIGHT of at least 1024x640, not \"%1\"").arg(value);
}

QString readScene(Options& options, const QString& value) {
  if (value == QLatin1String("healthy"))
    options.scene = Scene::Healthy;
  else if (value == QLatin1String("redis-down"))
    options.scene = Scene::RedisDown;
  else if (value == QLatin1String("instance-down"))
    options.scene = Scene::InstanceDown;
  else if (value == QLatin1String("sentinel"))
    options.scene = Scene::Sentinel;
  else if (value == QLatin1String("failover"))
    options.scene = Scene::Failover;
  else
    return tr("--scene takes healthy, redis-down, instance-down, sentinel or failover, not \"%1\"").arg(value);
  return {};
}

QString readValue(Options& options, const QString& name, const QString& value) {
  bool number = false;
  if (name == QLatin1String("--theme")) return readTheme(options, value);
  if (name == QLatin1String("--size")) return readSize(options, value);
  if (name == QLatin1String("--scene")) return readScene(options, value);
  if (name == QLatin1String("--screenshot")) {
    options.screenshotDir = value;
    return value.isEmpty() ? tr("--screenshot takes a folder") : QString();
  }
  if (name == QLatin1String("--profile")) {
    options.profile = value;
    return value.isEmpty() ? tr("--profile takes the name of a saved profile") : QString();
  }
  if (name == QLatin1String("--settings-dir")) {
    options.settingsDir = value;
    return value.isEmpty() ? tr("--settings-dir takes a folder") : QString();
  }
  if (name == QLatin1String("--port")) {
    options.firstPort = value.toUShort(&number);
    return number ? QString() : tr("--port takes a number from 0 to 65535, not \"%1\"").arg(value);
  }
  if (name == QLatin1String("--instances")) {
    options.instances = value.toInt(&number);
    options.instancesGiven = true;
    return number && options.instances >= 1 && options.instances <= 10
               ? QString()
               : tr("--instances takes a number from 1 to 10, not \"%1\"").arg(value);
  }
  options.scale = value.toInt(&number);
  return number && (options.scale == 1 || options.scale == 2) ? QString()
                                                              : tr("--scale takes 1 or 2, not \"%1\"").arg(value);
}

}  // namespace

Options parseOptions(const QStringList& arguments) {
  Options options;
  for (qsizetype i = 0; i < arguments.size() && options.error.isEmpty(); ++i) {
    const qsizetype equals = arguments[i].indexOf(QLatin1Char('='));
    const QString name = arguments[i].left(equals);
    if (takesValue(name)) {
      if (equals < 0 && i + 1 == arguments.size())
        options.error = tr("%1 takes a value").arg(name);
      else
        options.error = readValue(options, name, equals < 0 ? arguments[++i] : arguments[i].mid(equals + 1));
    } else if (name == QLatin1String("--measure-start")) {
      options.measureStart = true;
    } else if (name == QLatin1String("--demo")) {
      options.demo = true;
    } else if (name == QLatin1String("--version")) {
      options.version = true;
    } else if (name == QLatin1String("--help") || name == QLatin1String("-h")) {
      options.help = true;
    } else {
      options.error = tr("unknown argument \"%1\"").arg(arguments[i]);
    }
  }
  if (options.error.isEmpty() && options.instancesGiven && !options.demo && options.screenshotDir.isEmpty())
    options.error = tr("--instances is for --demo and --screenshot");
  if (options.error.isEmpty() && !options.profile.isEmpty() && (options.demo || !options.screenshotDir.isEmpty()))
    options.error = tr("--profile goes with neither --demo nor --screenshot");
  if (options.error.isEmpty() && options.scene != Scene::Healthy && options.screenshotDir.isEmpty())
    options.error = tr("--scene is for --screenshot");
  return options;
}

QString helpText() {
  return tr(
      "Usage: vx11-console [options]\n"
      "Opens the operator console with a local token server in it.\n"
      "\n"
      "  --demo                     a local cluster with light traffic instead: three instances and a Redis\n"
      "                             of their own, which all end with the console\n"
      "  --instances N              how many instances that cluster has, 1 to 10\n"
      "  --profile NAME             open this saved profile instead; its principal is VX11_OPERATOR_TOKEN's\n"
      "  --theme light|dark|system  the look for this run; otherwise as chosen in the View menu\n"
      "  --size WIDTHxHEIGHT        the window's size, at least 1024x640\n"
      "  --port N                   first port to try for local instances (8011; 0: any free one)\n"
      "  --settings-dir DIR         keep window, columns and profiles there instead of in the user's\n"
      "                             settings\n"
      "  --screenshot DIR           render every page, light and dark, to PNG files in DIR, and end; with the\n"
      "                             cluster of --demo where it can run\n"
      "  --scene healthy|redis-down|instance-down|sentinel|failover\n"
      "                             what befell that cluster before the screenshots: nothing, its Redis was\n"
      "                             stopped, one of its instances was killed, it has three servers with\n"
      "                             sentinels, or of these the master was killed\n"
      "  --scale 1|2                pixels a logical pixel of the screenshots\n"
      "  --measure-start            print the milliseconds from the start of the process to the first\n"
      "                             painted frame that shows everything running, and end\n"
      "  --version, --help\n"
      "\n"
      "The server's principal is VX11_OPERATOR_TOKEN's, else one made for this run (Copy principal).\n");
}

}  // namespace vx11::console
