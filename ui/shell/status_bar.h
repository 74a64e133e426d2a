// The bottom line of the window: the dock's two switches, instance, address, tokens, streams, Copy principal; at the
// right what just happened and how old the data is.
#pragma once

#include <QList>
#include <QTimer>
#include <QWidget>

#include "pages/page.h"

class QHBoxLayout;
class QToolButton;

namespace vx11::ui {

class ActionRegistry;
class ElidedLabel;
class IconLabel;
class LinkButton;
class MarkLabel;
class TextLabel;

class StatusBar : public QWidget {
  Q_OBJECT
 public:
  StatusBar(const Services& services, ActionRegistry& actions, QWidget* parent = nullptr);
  /// Shown for 10 s, or until the next one. A secret on the clipboard has the place while it lies there.
  void showMessage(const QString& text);
  [[nodiscard]] QString message() const;
  /// Shown until it is set anew, in the place of tokens, streams and Copy principal; empty: nothing.
  void setLasting(const QString& text);

 private:
  [[nodiscard]] QToolButton* makeSwitch(const QString& id, const QString& icon, const QString& text);
  QWidget* addSeparated(QHBoxLayout* row, QWidget* widget);
  void refreshAlerts();
  void refreshCluster();
  void refreshPlaces();
  void refreshMessage();

  Services services_;
  ActionRegistry& actions_;
  QToolButton* alerts_;
  MarkLabel* instance_;
  MarkLabel* redis_;
  QWidget *redisLine_ = nullptr, *addressLine_ = nullptr, *lastingLine_ = nullptr;
  QList<QWidget*> givingWay_;  ///< to what lasts
  TextLabel* lasting_;
  TextLabel* address_;
  TextLabel* tokens_;
  TextLabel* streams_;
  LinkButton* principal_;
  IconLabel* clipboardMark_;
  ElidedLabel* message_;
  LinkButton* clear_;
  TextLabel* updated_;
  QString last_;
  QTimer fade_;
};

}  // namespace vx11::ui
