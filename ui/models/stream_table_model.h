// The open streams as a table, in the order of their opening. While it is frozen it shows what was.
#pragma once

#include <QAbstractTableModel>
#include <functional>

#include "cluster/streams.h"

namespace vx11::ui {

class StreamTableModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  enum Column { Name, State, Instance, Token, Events, LastEvent, columns };

  /// `streams` outlives the model; `now` is the console clock in ms.
  StreamTableModel(cluster::Streams& streams, std::function<qint64()> now, QObject* parent = nullptr);

  [[nodiscard]] const cluster::StreamInfo& info(int row) const { return shown_.at(row); }
  [[nodiscard]] int rowOf(quint64 id) const;  ///< -1: not listed
  /// The row's words with tabs between them, the token masked.
  [[nodiscard]] QString plain(int row) const;
  /// What counts in seconds has changed; while it stands still nothing is taken.
  void tick();
  void setFrozen(bool frozen);

  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
  [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  void takeList();
  void takeValues();
  [[nodiscard]] QString text(const cluster::StreamInfo& info, int column) const;

  cluster::Streams& streams_;
  std::function<qint64()> now_;
  QList<cluster::StreamInfo> shown_;
  qint64 frozenAt_ = -1;  ///< console clock; -1: it isn't
};

}  // namespace vx11::ui
