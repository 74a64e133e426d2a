#include "pages/stream_delegates.h"

#include <QPainter>
#include <algorithm>

#include "models/stream_event_model.h"
#include "models/stream_table_model.h"
#include "models/stream_words.h"
#include "widgets/format.h"
#include "widgets/metrics.h"

namespace vx11::ui {

using cluster::StreamEvent;
using cluster::StreamInfo;

StreamDelegate::StreamDelegate(const StreamTableModel& model, QObject* parent) : CellDelegate(parent), model_(model) {}

void StreamDelegate::paintCell(const Cell& cell, const QModelIndex& index) const {
  const StreamInfo& info = model_.info(index.row());
  const bool over = info.state == StreamInfo::State::Closed;
  const Token color = over ? Token::Text3 : Token::Text;
  const QString text = index.data().toString();
  const auto alignment = static_cast<Qt::Alignment>(index.data(Qt::TextAlignmentRole).toInt());
  switch (index.column()) {
    case StreamTableModel::State: {
      const Mark mark = streams::markOf(info);
      paintMark(cell.painter,
                QRectF(cell.rect.x(), cell.rect.y() + (cell.rect.height() - markSizeInTable) / 2.0, markSizeInTable,
                       markSizeInTable),
                mark, cell.theme);
      const QRect words = cell.rect.adjusted(markSizeInTable + metrics::space8, 0, 0, 0);
      return drawText(cell, words, text, FontRole::Body, isTrouble(mark) ? markWordColor(mark) : color);
    }
    case StreamTableModel::Token:
      return drawText(cell, cell.rect, text, FontRole::Fixed, color);
    default:
      return drawText(cell, cell.rect, text, FontRole::Body, color, alignment);
  }
}

StreamEventDelegate::StreamEventDelegate(const StreamEventModel& model, QObject* parent)
    : CellDelegate(parent), model_(model) {}

void StreamEventDelegate::paintCell(const Cell& cell, const QModelIndex& index) const {
  const StreamEvent& event = model_.eventAt(index.row());
  const bool reset = event.kind == StreamEvent::Kind::Event && streams::isTrouble(event);
  const bool refused = event.kind == StreamEvent::Kind::Closed && streams::isTrouble(event);
  const bool quiet = streams::isNote(event) || event.name == QStringLiteral("heartbeat");
  const Token trouble = reset ? Token::Warn : refused ? Token::Crit : quiet ? Token::Text3 : Token::Text;
  const bool tells = index.column() == StreamEventModel::Name || index.column() == StreamEventModel::Data;
  const Token color = tells                                              ? trouble
                      : quiet || index.column() == StreamEventModel::Time ? Token::Text3
                                                                          : Token::Text2;
  QString text = index.data().toString();
  // Of an id both ends tell something: the epoch and the entry.
  if (index.column() == StreamEventModel::Id && textWidth(text, FontRole::Fixed) > cell.rect.width())
    text = format::elideMiddle(text, cell.rect.width() / std::max(1, textWidth(QStringLiteral("0"), FontRole::Fixed)));
  drawText(cell, cell.rect, text, FontRole::Fixed, color);
}

}  // namespace vx11::ui
