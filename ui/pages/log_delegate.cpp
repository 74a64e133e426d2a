#include "pages/log_delegate.h"

#include <QPainter>

#include "models/log_model.h"
#include "platform/icons.h"
#include "widgets/state_mark.h"

namespace vx11::ui {

using cluster::Severity;

LogDelegate::LogDelegate(const LogModel& model, QObject* parent) : CellDelegate(parent), model_(model) {}

void LogDelegate::paintCell(const Cell& cell, const QModelIndex& index) const {
  const Severity severity = model_.entry(index.row()).severity;
  const bool detail = severity == Severity::Debug;
  switch (index.column()) {
    case LogModel::Mark: {
      const QRectF place(cell.rect.x() + (cell.rect.width() - markSizeInTable) / 2.0,
                         cell.rect.y() + (cell.rect.height() - markSizeInTable) / 2.0, markSizeInTable,
                         markSizeInTable);
      if (severity == Severity::Warning) paintMark(cell.painter, place, Mark::Warning, cell.theme);
      if (severity == Severity::Error) paintMark(cell.painter, place, Mark::Fail, cell.theme);
      if (severity == Severity::Info) {
        const qreal ratio = cell.painter->device()->devicePixelRatioF();
        cell.painter->drawPixmap(place.topLeft(), iconPixmap(QStringLiteral("info-circle"),
                                                             cell.theme.color(Token::Text3), markSizeInTable, ratio));
      }
      return;
    }
    case LogModel::Time:
      return drawText(cell, cell.rect, index.data().toString(), FontRole::Fixed, Token::Text3);
    case LogModel::Correlation:
      return drawText(cell, cell.rect, index.data().toString(), FontRole::Fixed, Token::Text3);
    case LogModel::Source:
      return drawText(cell, cell.rect, index.data().toString(), FontRole::Body, detail ? Token::Text3 : Token::Text2);
    default:
      return drawText(cell, cell.rect, model_.message(index.row()), FontRole::Body,
                      detail                        ? Token::Text3
                      : severity == Severity::Error ? Token::Crit
                                                    : Token::Text);
  }
}

}  // namespace vx11::ui
