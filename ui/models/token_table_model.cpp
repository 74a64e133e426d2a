#include "models/token_table_model.h"

#include <algorithm>
#include <utility>

namespace vx11::ui {
namespace {

/// Rows worked on in one turn of the event loop: about 2 ms of the slowest kind of work.
constexpr int slice = 12'000;

}  // namespace

TokenTableModel::TokenTableModel(Source source, QObject* parent)
    : QAbstractTableModel(parent), source_(std::move(source)) {
  turn_.setInterval(0);
  turn_.setSingleShot(true);
  connect(&turn_, &QTimer::timeout, this, &TokenTableModel::pump);
}

// --- what comes in

void TokenTableModel::apply(const cluster::TokenBatch& batch) {
  if (batch.reset) waiting_.clear();
  waiting_.push_back(batch);
  // A long list begins in a turn of its own: making it has cost this one enough.
  if (batch.added.size() > slice) {
    unsettled_ = true;
    turn_.start();
  } else {
    pump();
  }
}

void TokenTableModel::setFilter(const QString& text) {
  if (text == filterText_) return;
  filterText_ = text;
  rebuild(Cause::Filter);
}

void TokenTableModel::setInstanceNames(const QStringList& names) {
  if (names == instances_) return;
  instances_ = names;
  rebuild(Cause::Batch);
  if (!shown_.empty()) Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, tokenColumnCount - 1));
}

void TokenTableModel::setRedisAway(bool away) {
  if (std::exchange(redisAway_, away) == away || shown_.empty()) return;
  const auto state = static_cast<int>(TokenColumn::State);
  Q_EMIT dataChanged(index(0, state), index(rowCount() - 1, state));
}

void TokenTableModel::sort(int column, Qt::SortOrder order) {
  if (column < 0 || column >= tokenColumnCount) return;
  if (static_cast<TokenColumn>(column) == order_.column() && order == order_.direction()) return;
  order_ = TokenOrder(static_cast<TokenColumn>(column), order, issuers_);
  rebuild(Cause::Order);
}

// --- the work, a slice a turn

bool TokenTableModel::small() const {
  return static_cast<qsizetype>(set_.slotEnd()) + (load_ ? load_->rows.size() : 0) <= slice;
}

void TokenTableModel::pump() {
  if (pumping_) return;
  pumping_ = true;
  if (busy()) step();
  while (busy() && small()) step();
  pumping_ = false;
  if (busy()) {
    unsettled_ = true;
    turn_.start();
  } else if (std::exchange(unsettled_, false)) {
    Q_EMIT settled();
  }
}

void TokenTableModel::step() {
  if (load_) return loadSlice();
  if (collect_ && collect_->next < set_.slotEnd()) return collectSlice();
  if (collect_) {
    Collect done = std::move(*collect_);
    collect_.reset();
    return finish(std::move(done));
  }
  cluster::TokenBatch batch = std::move(waiting_.front());
  waiting_.pop_front();
  take(std::move(batch));
}

void TokenTableModel::take(cluster::TokenBatch batch) {
  if (!batch.reset && batch.added.size() + batch.changed.size() <= slice) return merge(batch);
  if (batch.reset) set_.beginWalk();
  load_ = TokenLoad{std::move(batch.added), 0};
  load_->rows.append(batch.changed);
  if (!batch.gone.isEmpty()) waiting_.push_front({false, {}, {}, std::move(batch.gone)});
}

TokenSet::Slot TokenTableModel::put(const cluster::TokenRow& row) {
  const Slot slot = set_.put(row);
  if (slot >= place_.size()) place_.resize(slot + 1, -1);
  while (issuers_.size() <= row.issuer) {
    issuers_ << source_.issuerName(static_cast<int>(issuers_.size()));
    newIssuer_ = true;
  }
  return slot;
}

void TokenTableModel::prepare() {
  newIssuer_ = false;
  filter_ = TokenFilter(filterText_, issuers_, instances_);
  order_ = TokenOrder(order_.column(), order_.direction(), issuers_);
}

void TokenTableModel::rebuild(Cause cause) {
  prepare();
  const bool reloaded = collect_ && collect_->reloaded;
  const bool ordered = collect_ && collect_->cause == Cause::Order;
  collect_ = std::make_unique<Collect>();
  collect_->cause = ordered ? Cause::Order : cause;
  collect_->reloaded = reloaded;
  pump();
}

void TokenTableModel::loadSlice() {
  const qsizetype end = std::min<qsizetype>(load_->rows.size(), load_->next + slice);
  for (; load_->next < end; ++load_->next) put(load_->rows.at(load_->next));
  if (end < load_->rows.size()) return;
  load_.reset();
  rebuild(Cause::Batch);
  collect_->reloaded = true;
}

void TokenTableModel::collectSlice() {
  Collect& work = *collect_;
  const Slot end = std::min<Slot>(set_.slotEnd(), work.next + slice);
  const auto sorted = static_cast<std::ptrdiff_t>(work.entries.size());
  for (; work.next < end; ++work.next) {
    if (!set_.used(work.next)) continue;
    if (set_.stale(work.next)) {
      work.gone.push_back(work.next);
    } else if (filter_.empty() || filter_.matches(set_.row(work.next))) {
      work.entries.push_back(order_.entry(work.next, set_.row(work.next)));
    }
  }
  std::sort(work.entries.begin() + sorted, work.entries.end());
  std::inplace_merge(work.entries.begin(), work.entries.begin() + sorted, work.entries.end());
}

void TokenTableModel::finish(Collect done) {
  Q_EMIT structureAboutToChange(done.cause);
  present(done.entries);
  for (const Slot slot : done.gone) set_.remove(slot);
  if (done.reloaded && !shown_.empty()) Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, tokenColumnCount - 1));
  Q_EMIT structureChanged(done.cause);
  Q_EMIT countsChanged();
}

void TokenTableModel::merge(const cluster::TokenBatch& batch) {
  std::vector<Slot> touched, gone;
  for (const auto& row : batch.added) touched.push_back(put(row));
  for (const auto& row : batch.changed) touched.push_back(put(row));
  for (const auto& id : batch.gone) {
    if (const auto slot = set_.find(id)) gone.push_back(*slot);
  }
  const auto unique = [](std::vector<Slot>& slots) {
    std::sort(slots.begin(), slots.end());
    slots.erase(std::unique(slots.begin(), slots.end()), slots.end());
  };
  unique(touched);
  unique(gone);
  if (newIssuer_ && (order_.column() == TokenColumn::IssuedBy || !filter_.empty())) {
    // A new name moves the others' ranks and may match the filter: what is in order no longer is.
    waiting_.push_front({false, {}, {}, batch.gone});
    rebuild(Cause::Batch);
    collect_->reloaded = true;
    return;
  }

  std::vector<OrderEntry> incoming;
  std::vector<bool> pulled;  // by row
  const auto pull = [&](Slot slot) {
    if (pulled.empty()) pulled.resize(shown_.size());
    pulled[static_cast<std::size_t>(place_[slot])] = true;
  };
  std::vector<Slot> repaint;
  for (const Slot slot : touched) {
    if (std::binary_search(gone.begin(), gone.end(), slot)) continue;
    const OrderEntry entry = order_.entry(slot, set_.row(slot));
    const bool wanted = filter_.empty() || filter_.matches(set_.row(slot));
    const bool there = isShown(slot);
    if (there && wanted) repaint.push_back(slot);
    if (there && (!wanted || shown_[static_cast<std::size_t>(place_[slot])] != entry)) pull(slot);
    if (wanted && (!there || shown_[static_cast<std::size_t>(place_[slot])] != entry)) incoming.push_back(entry);
  }
  for (const Slot slot : gone) {
    if (isShown(slot)) pull(slot);
  }

  const bool structural = !incoming.empty() || !pulled.empty();
  if (structural) {
    std::sort(incoming.begin(), incoming.end());
    std::vector<OrderEntry> next;
    next.reserve(shown_.size() + incoming.size());
    auto arriving = incoming.cbegin();
    for (std::size_t row = 0; row < shown_.size(); ++row) {
      if (!pulled.empty() && pulled[row]) continue;
      while (arriving != incoming.cend() && *arriving < shown_[row]) next.push_back(*arriving++);
      next.push_back(shown_[row]);
    }
    next.insert(next.end(), arriving, incoming.cend());
    Q_EMIT structureAboutToChange(Cause::Batch);
    present(next);
  }
  for (const Slot slot : gone) set_.remove(slot);
  announce(std::move(repaint));
  if (structural) Q_EMIT structureChanged(Cause::Batch);
  if (structural || !gone.empty() || !batch.added.isEmpty()) Q_EMIT countsChanged();
}

// --- what the view is told

/// From the rows shown now to `next` in at most three steps: what is new is appended, one change of layout brings all
/// into order with what leaves at the end, and that end is removed.
void TokenTableModel::present(const std::vector<OrderEntry>& next) {
  std::vector<OrderEntry> arriving;
  std::copy_if(next.begin(), next.end(), std::back_inserter(arriving),
               [this](const OrderEntry& entry) { return !isShown(entry.slot); });
  if (!arriving.empty()) {
    const std::size_t first = shown_.size();
    beginInsertRows({}, static_cast<int>(first), static_cast<int>(first + arriving.size()) - 1);
    shown_.insert(shown_.end(), arriving.begin(), arriving.end());
    for (std::size_t row = first; row < shown_.size(); ++row) place(row);
    endInsertRows();
  }
  if (!std::equal(next.begin(), next.end(), shown_.begin())) reorder(next);
  if (shown_.size() > next.size()) {
    beginRemoveRows({}, static_cast<int>(next.size()), static_cast<int>(shown_.size()) - 1);
    for (std::size_t row = next.size(); row < shown_.size(); ++row) place_[shown_[row].slot] = -1;
    shown_.resize(next.size());
    endRemoveRows();
  }
}

void TokenTableModel::reorder(const std::vector<OrderEntry>& next) {
  Q_EMIT layoutAboutToBeChanged({}, VerticalSortHint);
  const QModelIndexList from = persistentIndexList();
  std::vector<Slot> held;
  held.reserve(static_cast<std::size_t>(from.size()));
  for (const QModelIndex& index : from) held.push_back(shown_[static_cast<std::size_t>(index.row())].slot);

  for (const OrderEntry& entry : shown_) place_[entry.slot] = -1;
  const std::vector<OrderEntry> former = std::exchange(shown_, next);
  for (std::size_t row = 0; row < shown_.size(); ++row) place(row);
  for (const OrderEntry& entry : former) {
    if (place_[entry.slot] >= 0) continue;
    shown_.push_back(entry);
    place(shown_.size() - 1);
  }

  QModelIndexList to;
  to.reserve(from.size());
  for (qsizetype i = 0; i < from.size(); ++i) {
    to << createIndex(place_[held[static_cast<std::size_t>(i)]], from[i].column());
  }
  changePersistentIndexList(from, to);
  Q_EMIT layoutChanged({}, VerticalSortHint);
}

/// One signal for each run of neighbouring rows, and one for all when there are many runs.
void TokenTableModel::announce(std::vector<Slot> slots) {
  if (slots.empty()) return;
  std::vector<int> rows;
  rows.reserve(slots.size());
  for (const Slot slot : slots) rows.push_back(place_[slot]);
  std::sort(rows.begin(), rows.end());
  constexpr int manyRuns = 16;
  std::vector<std::pair<int, int>> runs;
  for (const int row : rows) {
    if (!runs.empty() && row == runs.back().second + 1) {
      runs.back().second = row;
    } else {
      runs.emplace_back(row, row);
    }
  }
  if (runs.size() > manyRuns) runs = {{rows.front(), rows.back()}};
  for (const auto& [first, last] : runs) Q_EMIT dataChanged(index(first, 0), index(last, tokenColumnCount - 1));
}

}  // namespace vx11::ui
