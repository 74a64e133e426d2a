#include "models/stream_table_model.h"

#include <algorithm>
#include <utility>

#include "models/stream_words.h"
#include "widgets/format.h"

namespace vx11::ui {

using cluster::StreamInfo;

StreamTableModel::StreamTableModel(cluster::Streams& source, std::function<qint64()> now, QObject* parent)
    : QAbstractTableModel(parent), streams_(source), now_(std::move(now)), shown_(source.streams()) {
  connect(&source, &cluster::Streams::listChanged, this, &StreamTableModel::takeList);
  connect(&source, &cluster::Streams::changed, this, &StreamTableModel::takeValues);
}

int StreamTableModel::rowOf(quint64 id) const {
  const auto found = std::find_if(shown_.begin(), shown_.end(), [id](const auto& info) { return info.id == id; });
  return found == shown_.end() ? -1 : static_cast<int>(found - shown_.begin());
}

/// Ids only grow, so the lists differ by rows that have gone and rows that came at the end.
void StreamTableModel::takeList() {
  if (frozenAt_ >= 0) return;
  const QList<StreamInfo>& now = streams_.streams();
  for (int row = static_cast<int>(shown_.size()) - 1; row >= 0; --row) {
    const bool stays = std::any_of(now.begin(), now.end(), [&](const auto& info) { return info.id == shown_[row].id; });
    if (stays) continue;
    beginRemoveRows({}, row, row);
    shown_.removeAt(row);
    endRemoveRows();
  }
  if (now.size() > shown_.size()) {
    beginInsertRows({}, static_cast<int>(shown_.size()), static_cast<int>(now.size()) - 1);
    shown_ = now;
    endInsertRows();
  }
  takeValues();
}

void StreamTableModel::takeValues() {
  if (frozenAt_ >= 0 || streams_.streams().size() != shown_.size()) return;
  shown_ = streams_.streams();
  if (!shown_.isEmpty()) Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columns - 1));
}

void StreamTableModel::tick() {
  if (frozenAt_ < 0 && !shown_.isEmpty()) Q_EMIT dataChanged(index(0, State), index(rowCount() - 1, LastEvent));
}

void StreamTableModel::setFrozen(bool frozen) {
  frozenAt_ = frozen ? now_() : -1;
  if (!frozen) takeList();
}

QString StreamTableModel::text(const StreamInfo& info, int column) const {
  const qint64 now = frozenAt_ >= 0 ? frozenAt_ : now_();
  switch (column) {
    case Name:
      return streams::name(info.id);
    case State:
      return streams::state(info, now);
    case Instance:
      return streams::where(info);
    case Token:
      return info.masked;
    case Events:
      return format::count(info.events);
    case LastEvent:
      return streams::lastEvent(info, now);
    default:
      return {};
  }
}

QString StreamTableModel::plain(int row) const {
  QStringList cells;
  for (int column = 0; column < columns; ++column) cells << text(shown_.at(row), column);
  return cells.join(u'\t');
}

int StreamTableModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(shown_.size());
}

int StreamTableModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : columns; }

QVariant StreamTableModel::data(const QModelIndex& index, int role) const {
  const StreamInfo& info = shown_.at(index.row());
  const qint64 now = frozenAt_ >= 0 ? frozenAt_ : now_();
  switch (role) {
    case Qt::DisplayRole:
      return text(info, index.column());
    case Qt::ToolTipRole:
      return streams::details(info, now);
    case Qt::AccessibleTextRole:
      return index.column() == State ? text(info, State) + QStringLiteral(". ") + streams::details(info, now)
                                     : text(info, index.column());
    case Qt::TextAlignmentRole:
      return QVariant((index.column() >= Events ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    default:
      return {};
  }
}

QVariant StreamTableModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  if (role == Qt::TextAlignmentRole)
    return QVariant((section >= Events ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
  if (role != Qt::DisplayRole) return {};
  switch (section) {
    case Name:
      return QStringLiteral("#");
    case State:
      return tr("State");
    case Instance:
      return tr("Instance");
    case Token:
      return tr("Token");
    case Events:
      return tr("Events");
    default:
      return tr("Last", "the age of the last event");
  }
}

}  // namespace vx11::ui
