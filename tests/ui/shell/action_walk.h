// Presses everything that a window has, page by page: actions, buttons, menus, keys, and what the dialogs offer that
// open meanwhile. It finds all of that by itself: a new page or button is in it without a line here.
#pragma once

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAction>
#include <QApplication>
#include <QContextMenuEvent>
#include <QFileDialog>
#include <QLineEdit>
#include <QMenu>
#include <QPointer>
#include <QPushButton>
#include <QSet>
#include <QTest>
#include <QTimer>
#include <functional>

#include "dialogs/confirm_dialog.h"
#include "dialogs/typed_name.h"
#include "shell/main_window.h"
#include "shell/page_catalog.h"

namespace vx11::ui::testing {

class ActionWalk : public QObject {
 public:
  /// What is done with a question that asks for no name; one that asks for one gets wrong ones, and then `name`.
  enum class Answer { Cancel, Confirm };
  struct Question {
    QString title;
    bool named = false;
  };

  ActionWalk(MainWindow& window, Answer answer, const QString& name) : window_(window), answer_(answer), name_(name) {
    connect(&stuck_, &QTimer::timeout, this, [this] {  // a menu that waits for a choice of its own
      if (auto* menu = qobject_cast<QMenu*>(QApplication::activePopupWidget())) pressMenu(*menu);
    });
    stuck_.start(100);
  }

  /// After each press, with what was pressed.
  std::function<void(const QString& what)> afterEach = [](const QString&) {};
  [[nodiscard]] const QList<Question>& questions() const { return questions_; }
  [[nodiscard]] int presses() const { return presses_; }
  [[nodiscard]] bool armed() const { return armed_; }  ///< a wrong name let something through

  void walk() {
    for (const bool filled : {false, true}) {
      for (const PageEntry& page : pageCatalog()) walkPage(page.id, filled);
    }
  }

 private:
  template <typename Object, typename Press>
  void pressAll(const QList<Object*>& all, PageId page, bool filled, Press press) {
    QList<QPointer<Object>> left(all.begin(), all.end());
    for (const QPointer<Object>& each : left) {
      if (!each) continue;
      prepare(page, filled);
      if (each) press(*each);
    }
  }

  void walkPage(PageId page, bool filled) {
    prepare(page, filled);
    QTest::qWait(50);  // what is shown comes a little later
    pressed_.clear();
    pressAll(window_.findChildren<QAbstractButton*>(), page, filled, [this](QAbstractButton& one) { press(one); });
    if (filled) return;  // of the rest nothing looks at the fields
    pressAll(window_.findChildren<QAction*>(), page, filled, [this](QAction& action) { press(action); });
    pressAll(window_.findChildren<QMenu*>(), page, filled, [this](QMenu& menu) {
      QMetaObject::invokeMethod(&menu, "aboutToShow");
      pressMenu(menu);
    });
    pressAll(window_.findChildren<QWidget*>(), page, filled, [this](QWidget& widget) { pressKeys(widget); });
  }

  void prepare(PageId page, bool filled) {
    if (!window_.isVisible()) window_.show();
    window_.showPage(page);
    for (auto* view : window_.findChildren<QAbstractItemView*>()) {
      if (!view->isVisible() || view->model() == nullptr || view->model()->rowCount() == 0) continue;
      if (!view->currentIndex().isValid()) view->setCurrentIndex(view->model()->index(0, 0));
      if (view->selectionMode() == QAbstractItemView::ExtendedSelection) view->selectAll();
    }
    if (!filled) return;
    for (auto* field : window_.findChildren<QLineEdit*>())
      if (field->isVisible() && field->isEnabled() && !field->isReadOnly()) field->setText(QStringLiteral("walk"));
  }

  void press(QAction& action) {
    if (!action.isEnabled() || action.isSeparator() || action.menu() != nullptr || pressed_.contains(&action)) return;
    pressed_ << &action;
    const QString what = QStringLiteral("action ") + action.text();
    action.trigger();
    attend(what);
  }

  void press(QAbstractButton& button) {
    if (!button.isVisible() || !button.isEnabled()) return;
    const QString words = button.text().isEmpty() ? button.accessibleName() : button.text();
    const QString what = QStringLiteral("button ") + words;
    button.click();
    attend(what);
  }

  void pressMenu(QMenu& menu) {
    const QPointer<QMenu> alive(&menu);
    const QList<QAction*> actions = menu.actions();
    QList<QPointer<QAction>> entries(actions.begin(), actions.end());
    for (const QPointer<QAction>& entry : entries)
      if (entry) press(*entry);
    if (alive) alive->close();
  }

  void pressKeys(QWidget& widget) {
    if (!widget.isVisible() || !widget.isEnabled() || widget.focusPolicy() == Qt::NoFocus) return;
    if (qobject_cast<QAbstractButton*>(&widget) != nullptr) return;
    const QString what = QString::fromLatin1(widget.metaObject()->className());
    const QPointer<QWidget> alive(&widget);
    QContextMenuEvent wanted(QContextMenuEvent::Keyboard, widget.rect().center(), widget.mapToGlobal(QPoint(5, 5)));
    QApplication::sendEvent(&widget, &wanted);
    attend(what + QStringLiteral(" menu"));
    for (const Qt::Key key : {Qt::Key_Return, Qt::Key_Space, Qt::Key_Delete}) {
      if (!alive || !alive->isVisible()) return;
      alive->setFocus();
      QTest::keyClick(alive.data(), key);
      attend(what + QStringLiteral(" key"));
    }
  }

  /// What opened because of it.
  void attend(const QString& what) {
    ++presses_;
    QCoreApplication::processEvents();
    if (depth_ < 3) {
      ++depth_;
      for (int round = 0; round < 5 && attendOne(); ++round) QCoreApplication::processEvents();
      --depth_;
    }
    afterEach(what);
  }

  bool attendOne() {
    for (QWidget* top : QApplication::topLevelWidgets()) {
      if (!top->isVisible() || top == &window_) continue;
      if (auto* menu = qobject_cast<QMenu*>(top)) {
        pressMenu(*menu);
        return true;
      }
      if (auto* dialog = qobject_cast<QDialog*>(top)) {
        attendDialog(*dialog);
        return true;
      }
    }
    return false;
  }

  void attendDialog(QDialog& dialog) {
    const QPointer<QDialog> alive(&dialog);
    if (auto* asked = qobject_cast<ConfirmDialog*>(&dialog)) {
      answer(*asked);
    } else if (qobject_cast<QFileDialog*>(&dialog) == nullptr && !seen_.contains(dialog.windowTitle())) {
      seen_ << dialog.windowTitle();
      const auto buttons = dialog.findChildren<QAbstractButton*>();
      QList<QPointer<QAbstractButton>> all(buttons.begin(), buttons.end());
      for (const QPointer<QAbstractButton>& each : all)
        if (each && alive) press(*each);
    }
    if (alive && alive->isVisible()) alive->reject();
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
  }

  void answer(ConfirmDialog& dialog) {
    const bool named = dialog.nameField() != nullptr;
    questions_.append({dialog.windowTitle(), named});
    if (named) {
      for (const QString& wrong : {QString(), name_.toUpper(), name_.chopped(1), name_ + u'x', QStringLiteral("yes")}) {
        dialog.nameField()->setText(wrong);
        armed_ = armed_ || dialog.verbButton()->isEnabled();
        dialog.verbButton()->click();
      }
      if (answer_ == Answer::Confirm) dialog.nameField()->setText(name_);
    }
    (answer_ == Answer::Confirm ? dialog.verbButton() : dialog.cancelButton())->click();
  }

  MainWindow& window_;
  Answer answer_;
  QString name_;
  QTimer stuck_;
  QList<Question> questions_;
  QSet<QString> seen_;
  QSet<const QAction*> pressed_;  ///< of this page: most are in a menu, too
  int presses_ = 0, depth_ = 0;
  bool armed_ = false;
};

}  // namespace vx11::ui::testing
