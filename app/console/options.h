// The console's command line as a value. Pure: no application is needed to read it.
#pragma once

#include <QSize>
#include <QString>
#include <QStringList>
#include <optional>

#include "platform/theme.h"

namespace vx11::console {

/// What befell the cluster before its pages are rendered.
enum class Scene { Healthy, RedisDown, InstanceDown, Sentinel, Failover };

struct Options {
  QString screenshotDir;  ///< not empty: render every page there and end
  Scene scene = Scene::Healthy;
  bool measureStart = false;
  bool demo = false;      ///< the local cluster, with light traffic
  int instances = 3;      ///< of the local cluster
  bool instancesGiven = false;
  QString profile;  ///< name of the saved one to open; empty: none
  std::optional<ui::ThemeChoice> theme;  ///< empty: as remembered
  QString settingsDir;                   ///< empty: the user's
  quint16 firstPort = 8011;
  QSize size;     ///< of the window; empty: as remembered, or 1280x800
  int scale = 1;  ///< device pixels a logical pixel, for screenshots
  bool version = false, help = false;
  QString error;  ///< not empty: wrong use, in one sentence
};

/// `arguments` without the program's name.
[[nodiscard]] Options parseOptions(const QStringList& arguments);
[[nodiscard]] QString helpText();

}  // namespace vx11::console
