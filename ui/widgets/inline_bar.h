// The bar under a page's header that says what is wrong, what it means, and what happens next. Never a pop-up. One bar
// a cause, updated in place; the second and further causes wait behind the first as "and 1 more".
#pragma once

#include <QList>
#include <QString>
#include <QWidget>
#include <functional>

#include "widgets/state_mark.h"

class QHBoxLayout;
class QLabel;

namespace vx11::ui {

class IconLabel;
class TextLabel;
class LinkButton;

/// A button of the bar; the first one is the cure. With a reason it is disabled and says why.
struct BarAction {
  QString text;
  QString icon;  ///< empty: none
  std::function<void()> run;
  QString disabledReason;
};

/// One cause. `key` names it for updates: the same key replaces.
struct BarCause {
  QString key;
  Mark mark = Mark::Unreachable;  ///< amber or red decides the tint
  QString what;                   ///< bold: what and where
  QString meaning;
  QString next;                   ///< the next attempt; empty: none
  QList<BarAction> actions;       ///< at most three
};

/// Hidden while there is no cause.
class InlineBar : public QWidget {
  Q_OBJECT
 public:
  explicit InlineBar(QWidget* parent = nullptr);
  void setCause(const BarCause& cause);
  void setNext(const QString& key, const QString& next);  ///< only the countdown
  void clearCause(const QString& key);
  [[nodiscard]] int causeCount() const { return static_cast<int>(causes_.size()); }
  [[nodiscard]] QString text() const;  ///< of the cause that is shown, as read aloud
  [[nodiscard]] QSize minimumSizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  void refresh();
  void showButtons(const BarCause& cause);
  void refreshColors();
  QList<BarCause> causes_;
  QList<QString> shownButtons_;
  MarkLabel* mark_;
  QLabel* words_;
  TextLabel* next_;
  LinkButton* more_;
  QHBoxLayout* buttons_;
};

}  // namespace vx11::ui
