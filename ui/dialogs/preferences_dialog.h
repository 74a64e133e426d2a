// The one dialog of what is chosen once and for all. Each choice applies at once; there is nothing to confirm.
#pragma once

#include <QDialog>

#include "platform/preferences.h"

class QCheckBox;
class QGridLayout;
class QSpinBox;

namespace vx11::ui {

class Segmented;

class PreferencesDialog : public QDialog {
  Q_OBJECT
 public:
  /// `whyNoNotifications`: empty where the desktop takes some.
  PreferencesDialog(const Preferences& now, const QString& whyNoNotifications, QWidget* parent = nullptr);
  [[nodiscard]] Preferences preferences() const;

 Q_SIGNALS:
  void changed(const vx11::ui::Preferences& preferences);
  void thresholdsWanted();   ///< of the alerts; the dialog has closed
  void layoutResetWanted();

 private:
  void buildRows();
  void connectAll();
  void addSection(const QString& title);
  void addRow(const QString& text, QWidget* field);
  void addLine(QWidget* widget);
  [[nodiscard]] QWidget* makeButtons();

  const bool notified_;  ///< at first: what can't be chosen stays as it was
  QGridLayout* grid_;
  Segmented *theme_, *density_, *redis_;
  QSpinBox *count_, *ttl_, *instances_;
  QCheckBox *restore_, *notify_;
};

}  // namespace vx11::ui
