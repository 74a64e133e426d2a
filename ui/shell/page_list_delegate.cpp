#include "shell/page_list_delegate.h"

#include <QPainter>

#include "platform/icons.h"
#include "platform/theme.h"
#include "shell/page_list_model.h"
#include "widgets/state_mark.h"

namespace vx11::ui {
namespace {

constexpr int rowHeight = 32, captionHeight = 30, narrowCaptionHeight = 13, icon = 16, textLeft = 42;

}  // namespace

QSize PageListDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex& index) const {
  const bool caption = index.data(PageListModel::CaptionRole).toBool();
  return {48, !caption ? rowHeight : narrow_ ? narrowCaptionHeight : captionHeight};
}

void PageListDelegate::paintCaption(QPainter* painter, const QStyleOptionViewItem& option,
                                    const QModelIndex& index) const {
  const Theme& theme = themeOf(option.palette);
  if (narrow_) {
    if (index.row() == 0) return;
    painter->setPen(theme.color(Token::Border));
    painter->drawLine(option.rect.left() + 12, option.rect.center().y(), option.rect.right() - 12,
                      option.rect.center().y());
    return;
  }
  painter->setFont(theme.font(FontRole::Label));
  painter->setPen(theme.color(Token::Text3));
  painter->drawText(option.rect.adjusted(16, 6, -8, 0), Qt::AlignVCenter | Qt::AlignLeft,
                    index.data(Qt::DisplayRole).toString());
}

// Returns the width it took.
int PageListDelegate::paintBadge(QPainter* painter, const QStyleOptionViewItem& option,
                                 const QModelIndex& index) const {
  const auto badge = index.data(PageListModel::BadgeRole).value<Badge>();
  const bool trouble = badge.warning || badge.critical;
  if (badge.text.isEmpty() && !trouble) return 0;
  const Theme& theme = themeOf(option.palette);
  const QFont font = theme.font(FontRole::Small);
  const int textWidth = QFontMetrics(font).horizontalAdvance(badge.text);
  const int markWidth = trouble ? 12 : 0;
  const int gap = trouble && !badge.text.isEmpty() ? 4 : 0;
  const int width = qMax(18, textWidth + markWidth + gap + 12);
  const QRect box(option.rect.right() - 9 - width, option.rect.center().y() - 7, width, 16);
  const Token plain = option.state & QStyle::State_Selected ? Token::Border : Token::Raised;
  const Token ground = badge.critical ? Token::CritBg : badge.warning ? Token::WarnBg : plain;
  const Token ink = badge.critical ? Token::Crit : badge.warning ? Token::Warn : Token::Text2;
  painter->setPen(Qt::NoPen);
  painter->setBrush(theme.color(ground));
  painter->drawRoundedRect(box, 3, 3);
  int x = box.left() + (width - textWidth - markWidth - gap) / 2;
  if (trouble) {
    paintMark(painter, QRectF(x, box.center().y() - 5, 11, 11), badge.critical ? Mark::Fail : Mark::Warning, theme);
    x += markWidth + gap;
  }
  painter->setFont(font);
  painter->setPen(theme.color(ink));
  painter->drawText(QRect(x, box.top(), textWidth + 1, box.height()), Qt::AlignCenter, badge.text);
  return width + 8;
}

void PageListDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
  painter->save();
  painter->setRenderHint(QPainter::Antialiasing);
  if (index.data(PageListModel::CaptionRole).toBool()) {
    paintCaption(painter, option, index);
    painter->restore();
    return;
  }
  const Theme& theme = themeOf(option.palette);
  const bool current = option.state & QStyle::State_Selected;
  const bool available = index.data(PageListModel::AvailableRole).toBool();
  if (current || option.state & QStyle::State_MouseOver)
    painter->fillRect(option.rect, theme.color(current ? Token::Raised : Token::Alt));
  if (current)
    painter->fillRect(QRect(option.rect.topLeft(), QSize(3, option.rect.height())), theme.color(Token::Accent));
  if ((option.state & QStyle::State_HasFocus) && (option.state & QStyle::State_KeyboardFocusChange)) {
    painter->setPen(QPen(theme.color(Token::Accent), 2));
    painter->setBrush(Qt::NoBrush);
    painter->drawRect(QRectF(option.rect).adjusted(1, 1, -1, -1));
  }
  const QColor ink = theme.color(!available ? Token::Text3 : current ? Token::Text : Token::Text2);
  const QPoint at(option.rect.left() + 16, option.rect.top() + (rowHeight - icon) / 2);
  painter->drawPixmap(at, iconPixmap(index.data(PageListModel::IconRole).toString(), ink, icon,
                                     painter->device()->devicePixelRatioF()));
  if (!narrow_) {
    const int badge = paintBadge(painter, option, index);
    const QFont font = theme.font(current ? FontRole::BodyStrong : FontRole::Body);
    const QRect room = option.rect.adjusted(textLeft, 0, -9 - badge, 0);
    painter->setFont(font);
    painter->setPen(ink);
    painter->drawText(
        room, Qt::AlignVCenter | Qt::AlignLeft,
        QFontMetrics(font).elidedText(index.data(Qt::DisplayRole).toString(), Qt::ElideRight, room.width()));
  }
  painter->restore();
}

}  // namespace vx11::ui
