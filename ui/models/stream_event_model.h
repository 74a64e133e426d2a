// What came by the chosen streams as a table, newest last, filtered by itself; removed only at the old end and added
// only at the new one, so that a view can stay where it is.
#pragma once

#include <QAbstractTableModel>
#include <QSet>
#include <deque>

#include "cluster/streams.h"

namespace vx11::ui {

struct StreamEventFilter {
  QSet<quint64> streams;  ///< empty: all
  QString text;           ///< in name, id, data or instance; any case
  bool heartbeats = true;
  friend bool operator==(const StreamEventFilter&, const StreamEventFilter&) = default;
};

class StreamEventModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  enum Column { Time, Stream, Id, Name, Data, columns };

  /// `streams` outlives the model.
  explicit StreamEventModel(cluster::Streams& streams, QObject* parent = nullptr);

  void setFilter(const StreamEventFilter& filter);
  [[nodiscard]] const StreamEventFilter& filter() const { return filter_; }
  /// While frozen nothing is taken; afterwards what is held by then.
  void setFrozen(bool frozen);
  [[nodiscard]] const cluster::StreamEvent& eventAt(int row) const { return rows_.at(static_cast<std::size_t>(row)); }
  [[nodiscard]] const std::deque<cluster::StreamEvent>& events() const { return rows_; }
  /// Held in all, whatever the filter says.
  [[nodiscard]] qint64 total() const { return static_cast<qint64>(streams_.events().size()); }
  /// The row's words with tabs between them.
  [[nodiscard]] QString plain(int row) const;

  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
  [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  void append(const QList<cluster::StreamEvent>& events);
  void dropOld();
  void reload();
  [[nodiscard]] bool passes(const cluster::StreamEvent& event) const;
  [[nodiscard]] static QString text(const cluster::StreamEvent& event, int column);

  cluster::Streams& streams_;
  StreamEventFilter filter_;
  std::deque<cluster::StreamEvent> rows_;
  bool frozen_ = false;
  qint64 newest_ = -1;  ///< the number of the last event that was looked at
};

}  // namespace vx11::ui
