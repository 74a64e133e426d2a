#include "models/stream_event_model.h"

#include <QDateTime>
#include <algorithm>

#include "models/stream_words.h"
#include "widgets/format.h"

namespace vx11::ui {

using cluster::StreamEvent;

StreamEventModel::StreamEventModel(cluster::Streams& source, QObject* parent)
    : QAbstractTableModel(parent), streams_(source) {
  connect(&source, &cluster::Streams::received, this, &StreamEventModel::append);
  connect(&source, &cluster::Streams::eventsCleared, this, &StreamEventModel::reload);
  reload();
}

bool StreamEventModel::passes(const StreamEvent& event) const {
  if (!filter_.streams.isEmpty() && !filter_.streams.contains(event.stream)) return false;
  if (!filter_.heartbeats && event.name == QStringLiteral("heartbeat")) return false;
  if (filter_.text.isEmpty()) return true;
  const auto in = [this](const QString& text) { return text.contains(filter_.text, Qt::CaseInsensitive); };
  return in(streams::nameOf(event)) || in(event.id) || in(event.instance) || in(streams::isNote(event) ? streams::line(event) : event.data);
}

void StreamEventModel::append(const QList<StreamEvent>& events) {
  if (frozen_ || events.isEmpty()) return;
  QList<StreamEvent> fresh;
  // They are held a moment before they are told of: a filter that was set in between has found them already.
  std::copy_if(events.begin(), events.end(), std::back_inserter(fresh),
               [this](const auto& each) { return each.number > newest_ && passes(each); });
  newest_ = std::max(newest_, events.last().number);
  if (!fresh.isEmpty()) {
    beginInsertRows({}, rowCount(), rowCount() + static_cast<int>(fresh.size()) - 1);
    rows_.insert(rows_.end(), fresh.begin(), fresh.end());
    endInsertRows();
  }
  dropOld();
}

/// What `Streams` no longer holds isn't shown either.
void StreamEventModel::dropOld() {
  const qint64 oldest = streams_.events().empty() ? 0 : streams_.events().front().number;
  const auto kept = std::find_if(rows_.begin(), rows_.end(), [=](const auto& each) { return each.number >= oldest; });
  if (kept == rows_.begin()) return;
  beginRemoveRows({}, 0, static_cast<int>(kept - rows_.begin()) - 1);
  rows_.erase(rows_.begin(), kept);
  endRemoveRows();
}

void StreamEventModel::reload() {
  beginResetModel();
  rows_.clear();
  const auto& all = streams_.events();
  if (!all.empty()) newest_ = all.back().number;
  std::copy_if(all.begin(), all.end(), std::back_inserter(rows_), [this](const auto& each) { return passes(each); });
  endResetModel();
}

void StreamEventModel::setFilter(const StreamEventFilter& filter) {
  if (filter == filter_) return;
  filter_ = filter;
  reload();
}

void StreamEventModel::setFrozen(bool frozen) {
  if (std::exchange(frozen_, frozen) && !frozen) reload();
}

QString StreamEventModel::text(const StreamEvent& event, int column) {
  switch (column) {
    case Time:
      return format::clockTimeMs(QDateTime::fromMSecsSinceEpoch(event.at));
    case Stream:
      return event.instance.isEmpty() ? streams::name(event.stream)
                                      : QStringLiteral("%1 %2").arg(streams::name(event.stream), event.instance);
    case Id:
      return event.id;
    case Name:
      return streams::nameOf(event);
    default:
      return streams::line(event);
  }
}

QString StreamEventModel::plain(int row) const {
  QStringList cells;
  for (int column = 0; column < Data; ++column) cells << text(eventAt(row), column);
  cells << (streams::isNote(eventAt(row)) ? streams::line(eventAt(row)) : eventAt(row).data.simplified());
  return cells.join(u'\t');
}

int StreamEventModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

int StreamEventModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : columns; }

QVariant StreamEventModel::data(const QModelIndex& index, int role) const {
  if (role == Qt::DisplayRole) return text(eventAt(index.row()), index.column());
  if (role == Qt::TextAlignmentRole) return QVariant(Qt::AlignLeft | Qt::AlignVCenter);
  return {};
}

QVariant StreamEventModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  if (role == Qt::TextAlignmentRole) return QVariant(Qt::AlignLeft | Qt::AlignVCenter);
  if (role != Qt::DisplayRole) return {};
  switch (section) {
    case Time:
      return tr("Time");
    case Stream:
      return tr("Stream");
    case Id:
      return tr("Id");
    case Name:
      return tr("Name");
    default:
      return tr("Data");
  }
}

}  // namespace vx11::ui
