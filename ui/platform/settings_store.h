// What the console remembers between two starts: how its window looks, never a secret, never a token.
#pragma once

#include <QByteArray>
#include <QSettings>
#include <QString>
#include <QVariantMap>
#include <memory>

#include "platform/preferences.h"

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
  [[nodiscard]] Preferences preferences() const;
  void setPreferences(const Preferences& preferences);
  /// What was open last: "server", "cluster" or a profile's id; empty at first.
  [[nodiscard]] QString lastProfile() const;
  void setLastProfile(const QString& key);
  [[nodiscard]] QVariantMap viewState(const QString& page) const;
  void setViewState(const QString& page, const QVariantMap& state);

  /// Thresholds and silences of a profile, by its id or name.
  [[nodiscard]] QVariantMap alertState(const QString& profile) const;
  void setAlertState(const QString& profile, const QVariantMap& state);

  /// Forgets geometry, pages, dock and columns; keeps the preferences, which are choices and no layout.
  void resetLayout();

 private:
  std::unique_ptr<QSettings> settings_;
};

}  // namespace vx11::ui
