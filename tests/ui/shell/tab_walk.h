// What somebody without a mouse or without a screen meets in a window: the controls that have no name, and the way the
// Tab key takes.
#pragma once

#include <QAbstractButton>
#include <QAccessible>
#include <QApplication>
#include <QButtonGroup>
#include <QComboBox>
#include <QScrollArea>
#include <QSet>
#include <QTest>
#include <QWidget>

namespace vx11::ui::testing {

inline QString whereIs(const QWidget& widget) {
  QStringList path;
  for (const QWidget* each = &widget; each != nullptr && path.size() < 3; each = each->parentWidget())
    path << QString::fromLatin1(each->metaObject()->className());
  QAccessibleInterface* spoken = QAccessible::queryAccessibleInterface(const_cast<QWidget*>(&widget));
  const QRect place(widget.mapTo(widget.window(), QPoint(0, 0)), widget.size());
  return QStringLiteral("\"%1\" %2 at %3,%4 %5x%6")
      .arg(spoken ? spoken->text(QAccessible::Name) : QString(), path.join(QStringLiteral(" in ")))
      .arg(place.x()).arg(place.y()).arg(place.width()).arg(place.height());
}

/// Everything that takes keys, or the mouse as a button does.
inline QList<QWidget*> controlsOf(QWidget& top) {
  QList<QWidget*> controls;
  for (QWidget* widget : top.findChildren<QWidget*>()) {
    if (!widget->isVisible() || widget->window() != &top) continue;
    if (widget->objectName().startsWith(QStringLiteral("qt_"))) continue;  // parts of Qt's own widgets
    if (qobject_cast<QComboBox*>(widget->parentWidget()) != nullptr) continue;
    const bool button = qobject_cast<QAbstractButton*>(widget) != nullptr;
    if (widget->focusPolicy() != Qt::NoFocus || button) controls << widget;
  }
  return controls;
}

inline QStringList namelessOf(QWidget& top) {
  QStringList nameless;
  for (QWidget* widget : controlsOf(top)) {
    QAccessibleInterface* spoken = QAccessible::queryAccessibleInterface(widget);
    if (!spoken || spoken->text(QAccessible::Name).trimmed().isEmpty()) nameless << whereIs(*widget);
  }
  return nameless;
}

/// Tab goes to the chosen one of an exclusive group; the arrow keys go to the others.
inline bool arrowsLeadTo(const QWidget& widget) {
  const auto* button = qobject_cast<const QAbstractButton*>(&widget);
  if (button == nullptr || button->isChecked()) return false;
  if (const QButtonGroup* group = button->group()) return group->exclusive() && group->checkedButton() != nullptr;
  return false;
}

/// The content that scrolls with the widget in it; null: it stands still.
inline QWidget* scrolledWith(const QWidget& widget) {
  for (QWidget* each = widget.parentWidget(); each != nullptr; each = each->parentWidget()) {
    if (auto* area = qobject_cast<QScrollArea*>(each)) return area->widget();
  }
  return nullptr;
}

/// Within the content that scrolls both, or else where the area of each stands.
inline std::pair<QRect, QRect> placesOf(const QWidget& from, const QWidget& to) {
  const auto placeIn = [](const QWidget& widget, const QWidget& whole) {
    return QRect(widget.mapTo(&whole, QPoint(0, 0)), widget.size());
  };
  QWidget *const fromContent = scrolledWith(from), *const toContent = scrolledWith(to);
  if (fromContent == toContent && fromContent != nullptr)
    return {placeIn(from, *fromContent), placeIn(to, *fromContent)};
  const auto outside = [&](const QWidget& widget, const QWidget* content) {
    return placeIn(content ? *content->parentWidget() : widget, *widget.window());
  };
  return {outside(from, fromContent), outside(to, toContent)};
}

/// As one reads: down, or to the right; up only into a column further right.
inline bool readsOn(const std::pair<QRect, QRect>& places) {
  const auto& [from, to] = places;
  const bool above = to.bottom() <= from.top();
  const bool beside = !above && to.top() <= from.bottom();
  return above || beside ? to.left() > from.left() : true;
}

struct TabWalk {
  QList<QWidget*> order;
  QStringList problems;  ///< what Tab never reaches, and steps against the reading order
};

/// From the widget that has the keys until it comes back there.
inline TabWalk walkByTab(QWidget& top) {
  TabWalk walk;
  QWidget* const first = QApplication::focusWidget();
  if (first == nullptr || first->window() != &top) {
    walk.problems << QStringLiteral("nothing has the keys at first");
    return walk;
  }
  QWidget* now = first;
  do {
    walk.order << now;
    QTest::keyClick(now, Qt::Key_Tab);
    QWidget* const next = QApplication::focusWidget();
    if (next == nullptr || next == now || next->window() != &top) {
      walk.problems << QStringLiteral("Tab does not leave ") + whereIs(*now);
      return walk;
    }
    now = next;
  } while (now != first && !walk.order.contains(now) && walk.order.size() < 500);
  if (now != first) walk.problems << QStringLiteral("Tab never comes back from ") + whereIs(*now);

  for (QWidget* widget : controlsOf(top)) {
    const bool reachable = (widget->focusPolicy() & Qt::TabFocus) != 0 && widget->isEnabled();
    if (!reachable || walk.order.contains(widget) || arrowsLeadTo(*widget)) continue;
    if (widget->focusProxy() != nullptr && walk.order.contains(widget->focusProxy())) continue;
    // A disabled one above it disables it, and a part of one that has the keys is reached with it.
    const bool part = std::any_of(walk.order.begin(), walk.order.end(),
                                  [&](QWidget* each) { return each->focusProxy() == widget; });
    if (!part) walk.problems << QStringLiteral("Tab does not reach ") + whereIs(*widget);
  }
  // It may begin anywhere: one step, from the last to the first, goes back.
  int back = 0;
  QStringList steps;
  for (qsizetype i = 0; i < walk.order.size(); ++i) {
    const QWidget& from = *walk.order[i];
    const QWidget& to = *walk.order[(i + 1) % walk.order.size()];
    if (from.isAncestorOf(&to) || to.isAncestorOf(&from) || readsOn(placesOf(from, to))) continue;
    ++back;
    steps << QStringLiteral("Tab goes back from %1 to %2").arg(whereIs(from), whereIs(to));
  }
  if (back > 1) walk.problems << steps;
  return walk;
}

}  // namespace vx11::ui::testing
