#include "shell/palette_delegate.h"

#include <QIcon>
#include <QPainter>

#include "platform/theme.h"
#include "shell/palette_model.h"
#include "widgets/tag.h"

namespace vx11::ui {

QSize PaletteDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const { return {100, rowHeight}; }

void PaletteDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
  const Theme& theme = themeOf(option.palette);
  const QString reason = index.data(PaletteModel::ReasonRole).toString();
  const bool possible = reason.isEmpty();
  painter->save();
  if (option.state & QStyle::State_Selected) painter->fillRect(option.rect, theme.color(Token::Selection));

  QRect room = option.rect.adjusted(12, 0, -12, 0);
  const auto icon = index.data(Qt::DecorationRole).value<QIcon>();
  if (!icon.isNull())
    icon.paint(painter, QRect(room.left(), room.center().y() - 7, 16, 16), Qt::AlignCenter,
               possible ? QIcon::Normal : QIcon::Disabled);
  room.setLeft(room.left() + 28);
  if (const QString keys = index.data(PaletteModel::KeysRole).toString(); !keys.isEmpty()) {
    const QSize cap = tagSize(keys, TagKind::KeyCap, theme);
    paintTag(painter,
             QRectF(room.right() - cap.width(), room.center().y() - cap.height() / 2, cap.width(), cap.height()), keys,
             TagKind::KeyCap, theme);
    room.setRight(room.right() - cap.width() - 12);
  }
  const QString name = index.data(Qt::DisplayRole).toString();
  painter->setFont(theme.font(FontRole::Body));
  painter->setPen(theme.color(possible ? Token::Text : Token::Text3));
  painter->drawText(room, Qt::AlignVCenter | Qt::AlignLeft, name);
  room.setLeft(room.left() + painter->fontMetrics().horizontalAdvance(name) + 12);

  painter->setFont(theme.font(FontRole::Label));
  painter->setPen(theme.color(Token::Text3));
  const QString beside = possible ? index.data(PaletteModel::PlaceRole).toString() : reason;
  painter->drawText(room, Qt::AlignVCenter | Qt::AlignLeft,
                    painter->fontMetrics().elidedText(beside, Qt::ElideRight, room.width()));
  painter->restore();
}

}  // namespace vx11::ui
