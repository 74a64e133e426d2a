#include "platform/console_style.h"

#include <QPainter>
#include <QPushButton>
#include <QStyleOptionComplex>
#include <QWidget>

#include "platform/icons.h"
#include "platform/theme.h"

namespace vx11::ui {
namespace {

constexpr int textInset = 4;  // so that text stands as far from the edge as in a line edit

void drawIcon(QPainter* painter, const QString& name, const QColor& color, const QRect& within, int size) {
  const QPoint corner(within.x() + (within.width() - size) / 2, within.y() + (within.height() - size) / 2);
  painter->drawPixmap(corner, iconPixmap(name, color, size, painter->device()->devicePixelRatioF()));
}

QColor edgeColour(const QStyleOption& option, const Theme& theme) {
  if (!(option.state & QStyle::State_Enabled)) return theme.color(Token::Border);
  return theme.color(option.state & QStyle::State_HasFocus ? Token::Accent : Token::BorderStrong);
}

void drawBox(QPainter* painter, const QStyleOption& option, const QColor& fill, const QColor& edge, qreal width) {
  painter->save();
  painter->setRenderHint(QPainter::Antialiasing);
  painter->setPen(QPen(edge, width));
  painter->setBrush(fill);
  const qreal inset = width / 2;
  painter->drawRoundedRect(QRectF(option.rect).adjusted(inset, inset, -inset, -inset), 3, 3);
  painter->restore();
}

void drawInput(QPainter* painter, const QStyleOption& option, const Theme& theme) {
  const bool enabled = option.state & QStyle::State_Enabled;
  const bool focus = enabled && (option.state & QStyle::State_HasFocus);
  drawBox(painter, option, theme.color(enabled ? Token::Base : Token::Window), edgeColour(option, theme),
          focus ? 2 : 1);
}

void drawCheck(QPainter* painter, const QStyleOption& option, const Theme& theme) {
  const bool on = option.state & (QStyle::State_On | QStyle::State_NoChange);
  const bool enabled = option.state & QStyle::State_Enabled;
  const QColor fill = theme.color(!enabled ? Token::Window : on ? Token::Accent : Token::Base);
  drawBox(painter, option, fill, on && enabled ? fill : edgeColour(option, theme), 1);
  if (on)
    drawIcon(painter, QStringLiteral("check-lg"), theme.color(enabled ? Token::OnAccent : Token::Text3), option.rect,
             12);
}

void drawFocus(QPainter* painter, const QStyleOption& option, const Theme& theme) {
  QStyleOption frame(option);
  drawBox(painter, frame, Qt::transparent, theme.color(Token::Accent), 2);
}

QString arrowName(QStyle::PrimitiveElement element) {
  switch (element) {
    case QStyle::PE_IndicatorArrowDown:
    case QStyle::PE_IndicatorSpinDown:
      return QStringLiteral("chevron-down");
    case QStyle::PE_IndicatorArrowUp:
    case QStyle::PE_IndicatorSpinUp:
      return QStringLiteral("chevron-up");
    case QStyle::PE_IndicatorArrowRight:
      return QStringLiteral("chevron-right");
    default:
      return {};
  }
}

}  // namespace

ConsoleStyle::ConsoleStyle() : QProxyStyle(QStringLiteral("Fusion")) {}

void ConsoleStyle::drawComplexControl(ComplexControl control, const QStyleOptionComplex* option, QPainter* painter,
                                      const QWidget* widget) const {
  const Theme& theme = themeOf(option->palette);
  const QColor arrow = theme.color(option->state & State_Enabled ? Token::Text2 : Token::Text3);
  if (control == CC_ComboBox) {
    drawInput(painter, *option, theme);
    const QRect rect = option->rect;
    const int x = option->direction == Qt::LeftToRight ? rect.right() - 24 : rect.left();
    drawIcon(painter, QStringLiteral("chevron-down"), arrow, QRect(x, rect.top(), 24, rect.height()), 11);
    return;
  }
  if (control == CC_SpinBox) {
    drawInput(painter, *option, theme);
    const QRect up = subControlRect(CC_SpinBox, option, SC_SpinBoxUp, widget);
    const QRect down = subControlRect(CC_SpinBox, option, SC_SpinBoxDown, widget);
    drawIcon(painter, QStringLiteral("chevron-expand"), arrow, up.united(down), 12);
    return;
  }
  QProxyStyle::drawComplexControl(control, option, painter, widget);
}

void ConsoleStyle::drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                                 const QWidget* widget) const {
  const Theme& theme = themeOf(option->palette);
  if (const QString name = arrowName(element); !name.isEmpty()) {
    const bool enabled = option->state & State_Enabled;
    const int size = qMin(11, qMin(option->rect.width(), option->rect.height()));
    if (size > 3) drawIcon(painter, name, theme.color(enabled ? Token::Text2 : Token::Text3), option->rect, size);
    return;
  }
  switch (element) {
    case PE_IndicatorCheckBox:
    case PE_IndicatorItemViewItemCheck:
      return drawCheck(painter, *option, theme);
    case PE_FrameFocusRect:
      if (qobject_cast<const QPushButton*>(widget) != nullptr) return;  // its edge tells
      return drawFocus(painter, *option, theme);
    default:
      QProxyStyle::drawPrimitive(element, option, painter, widget);
  }
}

QRect ConsoleStyle::subControlRect(ComplexControl control, const QStyleOptionComplex* option, SubControl part,
                                   const QWidget* widget) const {
  const QRect rect = QProxyStyle::subControlRect(control, option, part, widget);
  const int towardsText = option->direction == Qt::LeftToRight ? textInset : -textInset;
  if (control == CC_SpinBox && (part == SC_SpinBoxUp || part == SC_SpinBoxDown))
    return rect.translated(-towardsText, 0);
  if ((control == CC_SpinBox && part == SC_SpinBoxEditField) ||
      (control == CC_ComboBox && part == SC_ComboBoxEditField))
    return rect.adjusted(textInset, 0, control == CC_SpinBox ? -textInset : 0, 0);
  return rect;
}

int ConsoleStyle::pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const {
  switch (metric) {
    case PM_SmallIconSize:
    case PM_ButtonIconSize:
    case PM_ToolBarIconSize:
    case PM_ListViewIconSize:
      return 16;
    case PM_IndicatorWidth:
    case PM_IndicatorHeight:
      return 14;
    case PM_DockWidgetSeparatorExtent:
    case PM_SplitterWidth:
      return 5;
    default:
      return QProxyStyle::pixelMetric(metric, option, widget);
  }
}

int ConsoleStyle::styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                            QStyleHintReturn* returnData) const {
  switch (hint) {
    case SH_EtchDisabledText:
    case SH_UnderlineShortcut:
    case SH_DialogButtonBox_ButtonsHaveIcons:
    case SH_Widget_Animate:
      return 0;
    case SH_Widget_Animation_Duration:
      return 0;
    default:
      return QProxyStyle::styleHint(hint, option, widget, returnData);
  }
}

QSize ConsoleStyle::sizeFromContents(ContentsType type, const QStyleOption* option, const QSize& size,
                                     const QWidget* widget) const {
  QSize result = QProxyStyle::sizeFromContents(type, option, size, widget);
  if (type == CT_ComboBox || type == CT_SpinBox) result = {result.width() + 2 * textInset, qMax(28, size.height() + 8)};
  return result;
}

}  // namespace vx11::ui
