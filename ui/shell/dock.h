// The one dock at the bottom: log or alerts, closed at first. Its contents are made when it is first opened.
#pragma once

#include <QWidget>

#include "pages/page.h"

class QStackedWidget;
class QToolButton;

namespace vx11::ui {

class AlertsView;
class LogView;

class Dock : public QWidget {
  Q_OBJECT
 public:
  enum class Part { Closed, Log, Alerts };
  static constexpr int firstHeight = 220;

  explicit Dock(const Services& services, QWidget* parent = nullptr);
  [[nodiscard]] Part part() const { return part_; }
  void open(Part part);  ///< Closed hides it
  [[nodiscard]] bool hasFocusWithin() const;
  void focusFilter();
  [[nodiscard]] bool canSave() const { return part_ == Part::Log; }
  void save();
  /// The log's columns; an empty state: as they were at first.
  [[nodiscard]] QVariantMap viewState() const;
  void restoreViewState(const QVariantMap& state);
  /// Null where nothing is watched.
  [[nodiscard]] AlertsView* alerts();
  void escape();  ///< clears the log's filter, else closes

 Q_SIGNALS:
  void partChanged(vx11::ui::Dock::Part part);

 private:
  QToolButton* addTab(const QString& text, const QString& icon, Part part);
  [[nodiscard]] QWidget* partWidget(Part part);

  Services services_;
  Part part_ = Part::Closed;
  QStackedWidget* stack_;
  QToolButton* logTab_;
  QToolButton* alertsTab_;
  LogView* log_ = nullptr;
  QVariantMap logState_;       ///< until the log is made
  QVariantMap firstLogState_;
  QStackedWidget* tabs_;  ///< what the open part has for its head
  QWidget* nothingWatched_ = nullptr;
  AlertsView* alerts_ = nullptr;
};

}  // namespace vx11::ui
