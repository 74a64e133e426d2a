#include "models/token_table_model.h"

#include <algorithm>
#include <utility>

#include "models/token_words.h"

namespace vx11::ui {
namespace {

/// Rows worked on in one turn of the event loop: about 2 ms of the slowest kind of work.
constexpr int slice = 12'000;

int alignmentOf(TokenColumn column) {
  return (column == TokenColumn::Age ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter;
}

}  // namespace

TokenTableModel::TokenTableModel(Source source, QObject* parent) : QAbstractTableModel(parent), source_(std::move(source)) {
  turn_.setInterval(0);
  turn_.setSingleShot(true);
  connect(&turn_, &QTimer::timeout, this, &TokenTableModel::pump);
}

// --- what comes in

void TokenTableModel::apply(const cluster::TokenBatch& batch) {
  if (batch.reset) waiting_.clear();
  waiting_.push_back(batch);
  pump();
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
  if (collect_) return collectSlice();
  cluster::TokenBatch batch = std::move(waiting_.front());
  waiting_.pop_front();
  take(std::move(batch));
}

void TokenTableModel::take(cluster::TokenBatch batch) {
  if (!batch.reset && batch.added.size() + batch.changed.size() <= slice) return merge(batch);
  if (batch.reset) set_.beginWalk();
  load_ = Load{std::move(batch.added), 0};
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
  collect_.emplace();
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
  if (end < set_.slotEnd()) return;
  Collect done = std::move(work);
  collect_.reset();
  finish(std::move(done));
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

// --- what it tells

std::optional<int> TokenTableModel::rowOf(const cluster::TokenId& id) const {
  const auto slot = set_.find(id);
  return slot && isShown(*slot) ? std::optional<int>(place_[*slot]) : std::nullopt;
}

const cluster::TokenRow* TokenTableModel::find(const cluster::TokenId& id) const {
  const auto slot = set_.find(id);
  return slot ? &set_.row(*slot) : nullptr;
}

int TokenTableModel::endingBetween(qint64 from, qint64 until) const {
  int count = 0;
  for (Slot slot = 0; slot < set_.slotEnd(); ++slot) {
    const cluster::TokenRow& row = set_.row(slot);
    count += set_.used(slot) && row.state == cluster::TokenState::Live && row.expiresAt > from && row.expiresAt <= until;
  }
  return count;
}

QString TokenTableModel::issuerText(const cluster::TokenRow& row) const {
  return row.issuer >= 0 ? issuers_.value(row.issuer) : words::unknownIssuer();
}

QString TokenTableModel::cachedText(const cluster::TokenRow& row) const { return words::cachedOn(row, instances_); }

QString TokenTableModel::text(const cluster::TokenRow& row, TokenColumn column) const {
  switch (column) {
    case TokenColumn::Token: return row.masked();
    case TokenColumn::TimeLeft: return words::timeLeft(row, source_.now());
    case TokenColumn::Age: return words::age(row, source_.now());
    case TokenColumn::IssuedBy: return issuerText(row);
    case TokenColumn::CachedOn: return cachedText(row);
    case TokenColumn::State: return words::stateAt(row, source_.now());
  }
  return {};
}

bool TokenTableModel::isQuiet(const cluster::TokenRow& row, TokenColumn column) const {
  if (!words::alive(row, source_.now())) return true;
  if (column == TokenColumn::IssuedBy) return row.issuer < 0;
  return column == TokenColumn::CachedOn && (!row.cachedKnown || row.cachedOn == 0);
}

QString TokenTableModel::accessibleText(const cluster::TokenRow& row, TokenColumn column) const {
  const qint64 now = source_.now();
  switch (column) {
    case TokenColumn::Token:
      return row.singleUse ? tr("Token %1, single use").arg(row.masked()) : tr("Token %1").arg(row.masked());
    case TokenColumn::TimeLeft: return words::timeLeftSpoken(row, now);
    case TokenColumn::Age: return tr("%1 old").arg(words::age(row, now));
    case TokenColumn::IssuedBy: return tr("issued by %1").arg(issuerText(row));
    case TokenColumn::CachedOn: return tr("cached on %1").arg(cachedText(row));
    case TokenColumn::State:
      return words::alive(row, now) ? tr("%1, %2").arg(words::stateAt(row, now), words::timeLeftSpoken(row, now))
                                    : words::stateAt(row, now);
  }
  return {};
}

int TokenTableModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(shown_.size());
}

int TokenTableModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : tokenColumnCount; }

QVariant TokenTableModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= rowCount()) return {};
  const cluster::TokenRow& row = rowAt(index.row());
  const auto column = static_cast<TokenColumn>(index.column());
  switch (role) {
    case Qt::DisplayRole: return text(row, column);
    case Qt::AccessibleTextRole: return accessibleText(row, column);
    case Qt::TextAlignmentRole:
      return alignmentOf(column);
    case ExpiresAtRole: return row.expiresAt;
    case TtlMsRole: return row.ttlMs;
    case LeftRole: return words::fractionLeft(row, source_.now());
    case SecondsLeftRole: return words::secondsLeft(row, source_.now());
    case MarkRole: return static_cast<int>(words::markAt(row, source_.now()));
    case QuietRole: return isQuiet(row, column);
    case SingleUseRole: return row.singleUse;
    case OwnRole: return row.own;
    case IdRole: return QVariant::fromValue(row.id);
    default: return {};
  }
}

QVariant TokenTableModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || section < 0 || section >= tokenColumnCount) return {};
  const auto column = static_cast<TokenColumn>(section);
  if (role == Qt::TextAlignmentRole) {
    return alignmentOf(column);
  }
  if (role != Qt::DisplayRole) return {};
  switch (column) {
    case TokenColumn::Token: return tr("Token");
    case TokenColumn::TimeLeft: return tr("Time left");
    case TokenColumn::Age: return tr("Age");
    case TokenColumn::IssuedBy: return tr("Issued by");
    case TokenColumn::CachedOn: return tr("Cached on");
    case TokenColumn::State: return tr("State");
  }
  return {};
}

}  // namespace vx11::ui
