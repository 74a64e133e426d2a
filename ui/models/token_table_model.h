// The rows of the token table, sorted and filtered by itself: a batch is merged into the order in one pass, and a new
// filter or order is worked out in slices, so that no turn of the event loop is long however many rows there are.
// The countdown is not its business: cells hold instants, and delegates paint what is left.
#pragma once

#include <QAbstractTableModel>
#include <QTimer>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "models/token_filter.h"
#include "models/token_order.h"
#include "models/token_set.h"

namespace vx11::ui {

/// Rows that wait to be put into the table, a slice a turn.
struct TokenLoad {
  QList<cluster::TokenRow> rows;
  qsizetype next = 0;
};

class TokenTableModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  /// For delegates, of any column. Instants are in ms of the console clock.
  /// QuietRole: the cell says nothing to look at (a dead token, "none", "unknown"). SecondsLeftRole and LeftRole (0 to
  /// 1): what is left at the moment of asking. MarkRole: a Mark. CachedOnRole: the bits of TokenRow, invalid where
  /// unknown.
  enum Role {
    ExpiresAtRole = Qt::UserRole,
    TtlMsRole,
    LeftRole,
    SecondsLeftRole,
    MarkRole,
    QuietRole,
    SingleUseRole,
    OwnRole,
    IdRole,
    CachedOnRole,
    InstanceCountRole
  };
  struct Source {
    std::function<qint64()> now;             ///< console clock, ms
    std::function<QString(int)> issuerName;  ///< of TokenRow::issuer
  };
  /// Why the structure changes: a view keeps its place but for a new order.
  enum class Cause { Batch, Filter, Order };

  explicit TokenTableModel(Source source, QObject* parent = nullptr);

  void apply(const cluster::TokenBatch& batch);
  void setFilter(const QString& text);
  [[nodiscard]] QString filter() const { return filterText_; }
  void setInstanceNames(const QStringList& names);  ///< by slot
  /// While Redis is away a token holds only where it is cached: of one with a single place its state says so.
  void setRedisAway(bool away);
  void sort(int column, Qt::SortOrder order = Qt::AscendingOrder) override;
  [[nodiscard]] const TokenOrder& order() const { return order_; }

  /// True while a filter, an order or a reset is being worked out; rows are the former ones until then.
  [[nodiscard]] bool busy() const { return load_ || collect_ || !waiting_.empty(); }
  [[nodiscard]] qsizetype total() const { return set_.count(); }
  [[nodiscard]] const cluster::TokenRow& rowAt(int row) const {
    return set_.row(shown_[static_cast<std::size_t>(row)].slot);
  }
  /// The row that shows this token now; empty when none does.
  [[nodiscard]] std::optional<int> rowOf(const cluster::TokenId& id) const;
  [[nodiscard]] const cluster::TokenRow* find(const cluster::TokenId& id) const;
  /// How many live rows, shown or not, end in the span after `from` up to `until` (console clock, ms).
  [[nodiscard]] int endingBetween(qint64 from, qint64 until) const;
  /// For a view whose selection is too large to be carried by persistent indexes: remembers the tokens of these rows
  /// (first and last) through one change of structure, and tells where they are after it.
  using Rows = std::pair<int, int>;
  void hold(const std::vector<Rows>& rows);
  [[nodiscard]] std::vector<Rows> release();
  [[nodiscard]] QString issuerText(const cluster::TokenRow& row) const;
  [[nodiscard]] QString cachedText(const cluster::TokenRow& row) const;
  /// What a cell says. The masked text is all that is known of a token here.
  [[nodiscard]] QString text(const cluster::TokenRow& row, TokenColumn column) const;

  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
  [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 Q_SIGNALS:
  void structureAboutToChange(vx11::ui::TokenTableModel::Cause cause);
  void structureChanged(vx11::ui::TokenTableModel::Cause cause);
  void countsChanged();  ///< total() or rowCount()
  void settled();        ///< no longer busy, after more than one turn of the event loop

 private:
  using Slot = TokenSet::Slot;

  struct Collect {
    std::vector<OrderEntry> entries;
    std::vector<Slot> gone;
    Slot next = 0;
    Cause cause = Cause::Batch;
    bool reloaded = false;  ///< any row may have new content
  };

  void pump();
  void step();
  [[nodiscard]] bool small() const;
  void take(cluster::TokenBatch batch);
  void merge(const cluster::TokenBatch& batch);
  Slot put(const cluster::TokenRow& row);
  void prepare();
  void rebuild(Cause cause);
  void loadSlice();
  void collectSlice();
  void finish(Collect done);
  void present(const std::vector<OrderEntry>& next);
  void reorder(const std::vector<OrderEntry>& next);
  void announce(std::vector<Slot> slots);
  void place(std::size_t row) { place_[shown_[row].slot] = static_cast<std::int32_t>(row); }
  [[nodiscard]] bool isShown(Slot slot) const { return slot < place_.size() && place_[slot] >= 0; }
  [[nodiscard]] QVariant cachedTip(const cluster::TokenRow& row) const;
  [[nodiscard]] bool issuerOnly(const cluster::TokenRow& row) const;
  [[nodiscard]] bool isQuiet(const cluster::TokenRow& row, TokenColumn column) const;
  [[nodiscard]] QString accessibleText(const cluster::TokenRow& row, TokenColumn column) const;

  Source source_;
  TokenSet set_;
  std::vector<OrderEntry> shown_;    ///< what the view shows, in its order
  std::vector<std::int32_t> place_;  ///< by slot: its row, or -1
  std::vector<bool> held_;           ///< by slot
  TokenOrder order_;
  TokenFilter filter_;
  QString filterText_;
  QStringList issuers_, instances_;
  bool redisAway_ = false;
  bool newIssuer_ = false;
  bool pumping_ = false, unsettled_ = false;
  std::optional<TokenLoad> load_;
  std::unique_ptr<Collect> collect_;  ///< an order under way
  std::deque<cluster::TokenBatch> waiting_;
  QTimer turn_;
};

}  // namespace vx11::ui
