// What the console remembers between two starts: how its window looks, never a secret, never a token.
#pragma once

#include <QByteArray>
#include <QSettings>
#include <QString>
#include <QVariantMap>
#include <memory>

#include "platform/theme.h"

namespace vx11::ui {

class SettingsStore {
 public:
  /// In `directory`/console.ini, or with an empty one in the user's configuration folder (vx11/console.ini).
  explicit SettingsStore(const QString& directory = {});

  [[nodiscard]] QByteArray geometry() const;
  void setGeometry(const QByteArray& geometry);
  /// Name of the page that was open last; empty at first.
  [[nodiscard]] QString lastPage() const;
  void setLastPage(const QString& name);
  /// "log", "alerts", or empty while the dock is closed.
  [[nodiscard]] QString dock() const;
  void setDock(const QString& name);
  [[nodiscard]] int dockHeight() const;  ///< logical pixels; 0: never changed
  void setDockHeight(int height);
  [[nodiscard]] ThemeChoice theme() const;
  void setTheme(ThemeChoice choice);
  [[nodiscard]] QVariantMap viewState(const QString& page) const;
  void setViewState(const QString& page, const QVariantMap& state);

  /// Forgets geometry, pages, dock and columns; keeps the theme, which is a choice and no layout.
  void resetLayout();

 private:
  std::unique_ptr<QSettings> settings_;
};

}  // namespace vx11::ui
