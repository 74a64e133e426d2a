#include "cluster/token_book.h"

#include <algorithm>
#include <cstring>

#include "token/token_id.h"

namespace vx11::cluster {
namespace {

constexpr qint64 flushEveryMs = 250, dueStepMs = 250, deadForMs = 5000;
constexpr qint64 sameMs = 50;             // two tellings of one expiry that differ by less are the same
constexpr qsizetype maxIssuers = 10'000;  // names are the instances' word: a bound, and past it "unknown"

qint64 dueStep(qint64 at) { return (at + dueStepMs - 1) / dueStepMs; }
std::uint32_t bit(int slot) { return std::uint32_t{1} << static_cast<unsigned>(slot); }

}  // namespace

TokenBook::TokenBook(std::function<qint64()> now, QObject* parent) : Tokens(parent), now_(std::move(now)) {
  timer_.setSingleShot(true);
  connect(&timer_, &QTimer::timeout, this, &TokenBook::tick);
}

std::int16_t TokenBook::issuerIndex(const QString& name) {
  if (name.isEmpty()) return -1;
  if (const auto known = issuerIndexes_.find(name); known != issuerIndexes_.end()) return *known;
  if (issuers_.size() >= maxIssuers) return -1;
  issuers_.append(name);
  return *issuerIndexes_.insert(name, static_cast<std::int16_t>(issuers_.size() - 1));
}

void TokenBook::countLive(std::int16_t issuer, qsizetype by) {
  const auto place = static_cast<std::size_t>(issuer + 1);
  if (place >= liveBy_.size()) liveBy_.resize(place + 1);
  liveBy_[place] += by;
  live_ += by;
}

QList<IssuerCount> TokenBook::liveByIssuer() const {
  QList<IssuerCount> counts;
  for (std::size_t place = 0; place < liveBy_.size(); ++place) {
    if (liveBy_[place] > 0) counts.append({issuerName(static_cast<int>(place) - 1), liveBy_[place]});
  }
  return counts;
}

void TokenBook::touch(Entry& entry) {
  if (!active_ || entry.touched) return;
  entry.touched = true;
  pending_.append(entry.row.id);
}

void TokenBook::merge(int slot, const wire::ListedToken& token) {
  const auto [place, isNew] = [&] {
    const auto found = rows_.find(token.id);
    return found != rows_.end() ? std::pair(found, false) : std::pair(rows_.insert(token.id, {}), true);
  }();
  Entry& entry = *place;
  TokenRow& row = entry.row;
  const TokenRow before = row;
  entry.holders |= bit(slot);
  entry.unseen &= ~bit(slot);
  if (isNew) {
    row.id = token.id;
    countLive(row.issuer, 1);
    // A row of the same id that the views have not yet been told to forget is the same row to them.
    entry.shown = gone_.remove(token.id);
  }
  if (row.state != TokenState::Live) return;  // death is final: a page may be older than the news
  row.maskedUtf8 = token.maskedUtf8;
  row.createdAt = token.createdAtMs;
  row.ttlMs = token.ttlMs;
  row.singleUse = token.singleUse;
  if (const auto issuer = issuerIndex(token.issuedBy); issuer >= 0 && issuer != row.issuer) {
    countLive(row.issuer, -1);
    countLive(issuer, 1);
    row.issuer = issuer;
  }
  // One that doesn't say where it is cached takes nothing from what the others said.
  row.cachedKnown = token.cachedHere.has_value() || (row.cachedKnown && !isNew);
  if (token.cachedHere) row.cachedOn = *token.cachedHere ? row.cachedOn | bit(slot) : row.cachedOn & ~bit(slot);
  // Each telling is late by its way here; the earliest of them is the nearest to the truth.
  const qint64 expiresAt = now_() + token.expiresInMs;
  if (isNew || expiresAt + sameMs < row.expiresAt) {
    row.expiresAt = expiresAt;
    goAt(entry, expiresAt);
  }
  if (isNew && revokedUnknown_.value(slot).contains(row.id)) bury(entry, TokenState::Revoked);
  if (isNew || std::memcmp(&before.maskedUtf8, &row.maskedUtf8, sizeof row.maskedUtf8) != 0 ||
      before.expiresAt != row.expiresAt || before.issuer != row.issuer || before.cachedOn != row.cachedOn ||
      before.cachedKnown != row.cachedKnown) {
    touch(entry);
  }
}

void TokenBook::bury(Entry& entry, TokenState state) {
  if (entry.row.state != TokenState::Live) return;
  entry.row.state = state;
  entry.row.cachedOn = 0;
  countLive(entry.row.issuer, -1);
  values_.remove(entry.row.id);
  goAt(entry, now_() + deadForMs);
  touch(entry);
}

void TokenBook::goAt(Entry& entry, qint64 at) {
  if (entry.goneAt == 0 || dueStep(at) != dueStep(entry.goneAt)) dueAt_[dueStep(at)].push_back(entry.row.id);
  entry.goneAt = at;
}

TokenBook::Rows::iterator TokenBook::drop(Rows::iterator row) {
  if (row->row.state == TokenState::Live) countLive(row->row.issuer, -1);
  if (active_ && row->shown) gone_.insert(row.key());
  values_.remove(row.key());
  return rows_.erase(row);
}

void TokenBook::walkBegan(int slot, bool afterGap) {
  walking_ |= bit(slot);
  if (afterGap) incomplete_ |= bit(slot);
  for (Entry& entry : rows_) entry.unseen = (entry.unseen & ~bit(slot)) | (entry.holders & bit(slot));
}

void TokenBook::listed(int slot, const std::vector<wire::ListedToken>& tokens) { issued(slot, tokens); }

void TokenBook::walkEnded(int slot) {
  walking_ &= ~bit(slot);
  incomplete_ &= ~bit(slot);
  revokedUnknown_.remove(slot);
  for (auto row = rows_.begin(); row != rows_.end();) {
    if ((row->unseen & bit(slot)) == 0 || row->row.state != TokenState::Live) {
      ++row;
      continue;
    }
    row->unseen &= ~bit(slot);
    row->holders &= ~bit(slot);
    row->row.cachedOn &= ~bit(slot);
    if (row->holders == 0) row = drop(row);
    else touch(*row++);
  }
  heard();
  schedule();
}

void TokenBook::issued(int slot, const std::vector<wire::ListedToken>& tokens) {
  rows_.reserve(rows_.size() + static_cast<qsizetype>(tokens.size()));
  for (const auto& token : tokens) merge(slot, token);
  heard();
  schedule();
}

void TokenBook::cached(int slot, const std::vector<TokenId>& ids) {
  for (const auto& id : ids) {
    const auto row = rows_.find(id);
    if (row == rows_.end() || row->row.state != TokenState::Live || (row->row.cachedOn & bit(slot)) != 0) continue;
    row->row.cachedOn |= bit(slot);
    row->row.cachedKnown = true;
    touch(*row);
  }
  heard();
  schedule();
}

void TokenBook::usedUp(const std::vector<TokenId>& ids) {
  for (const auto& id : ids) {
    if (const auto row = rows_.find(id); row != rows_.end()) bury(*row, TokenState::Used);
  }
  heard();
  schedule();
}

void TokenBook::revoked(int slot, const std::vector<TokenId>& ids) {
  for (const auto& id : ids) {
    if (const auto row = rows_.find(id); row != rows_.end()) bury(*row, TokenState::Revoked);
    else if ((walking_ & bit(slot)) != 0) revokedUnknown_[slot].insert(id);
  }
  heard();
  schedule();
}

void TokenBook::revokedAll(int slot, qint64 ageMs) {
  const qint64 now = now_();
  for (Entry& entry : rows_) {
    // The age by what is left of its life: the wall clocks of two machines may differ.
    const bool old = entry.row.ttlMs - (entry.row.expiresAt - now) >= ageMs;
    if (old && (entry.holders & bit(slot)) != 0) bury(entry, TokenState::Revoked);
  }
  heard();
  schedule();
}

void TokenBook::expired(const std::vector<TokenId>& ids) {
  for (const auto& id : ids) {
    // One that was revoked stays as long as the others that were revoked with it.
    if (const auto row = rows_.find(id); row != rows_.end() && row->row.state == TokenState::Live) drop(row);
  }
  heard();
  schedule();
}

void TokenBook::addOwn(int slot, const QString& issuer, const TokenText& text, int ttlMs, qint64 expiresInMs,
                       qint64 createdAt, bool singleUse) {
  wire::ListedToken token;
  token.id.bytes = PublicId::of(text.reveal()).bytes;
  const std::string mask = masked(text.reveal());
  std::copy_n(mask.begin(), std::min(mask.size(), token.maskedUtf8.size()), token.maskedUtf8.begin());
  token.createdAtMs = createdAt;
  token.ttlMs = ttlMs;
  token.expiresInMs = expiresInMs;
  token.issuedBy = issuer;
  token.cachedHere = true;
  token.singleUse = singleUse;
  // The watch may have told of it already, and knows better than the answer when it was made.
  if (!rows_.contains(token.id)) merge(slot, token);
  Entry& entry = rows_[token.id];
  if (entry.row.state == TokenState::Live) {
    values_.insert(token.id, text);
    entry.row.own = true;
    touch(entry);
  }
  heard();
  schedule();
}

std::optional<TokenRow> TokenBook::find(const TokenId& id) const {
  const auto row = rows_.find(id);
  return row == rows_.end() ? std::nullopt : std::optional(row->row);
}

QList<TokenRow> TokenBook::newest(int n) const {
  std::vector<const TokenRow*> all;
  all.reserve(static_cast<std::size_t>(rows_.size()));
  for (const Entry& entry : rows_) all.push_back(&entry.row);
  const auto wanted = all.begin() + std::clamp<std::ptrdiff_t>(n, 0, std::ssize(all));
  std::partial_sort(all.begin(), wanted, all.end(), [](const TokenRow* a, const TokenRow* b) {
    return a->createdAt != b->createdAt ? a->createdAt > b->createdAt : a->id < b->id;
  });
  QList<TokenRow> rows;
  std::for_each(all.begin(), wanted, [&](const TokenRow* row) { rows.append(*row); });
  return rows;
}

TokenBatch TokenBook::everything() const {
  TokenBatch batch;
  batch.reset = true;
  batch.added.reserve(rows_.size());
  for (const Entry& entry : rows_) batch.added.append(entry.row);
  return batch;
}

std::optional<TokenText> TokenBook::value(const TokenId& id) const {
  const auto found = values_.find(id);
  return found == values_.end() ? std::nullopt : std::optional(*found);
}

void TokenBook::setActive(bool active) {
  if (std::exchange(active_, active) == active) return;
  resetDue_ = active;
  pending_.clear();
  gone_.clear();
  for (Entry& entry : rows_) entry.touched = false;
  schedule();
}

void TokenBook::tick() {
  const qint64 now = now_();
  expireDue(now);
  if (now - flushedAt_ >= flushEveryMs) flush(now);
  schedule();
}

void TokenBook::expireDue(qint64 now) {
  while (!dueAt_.empty() && dueAt_.begin()->first * dueStepMs <= now) {
    const auto ids = std::move(dueAt_.begin()->second);
    dueAt_.erase(dueAt_.begin());
    for (const auto& id : ids) {
      // A row whose time was corrected stands in two places; only the right one finds it due.
      if (const auto row = rows_.find(id); row != rows_.end() && dueStep(row->goneAt) * dueStepMs <= now) drop(row);
    }
  }
}

void TokenBook::flush(qint64 now) {
  if (!active_ || (!resetDue_ && pending_.isEmpty() && gone_.isEmpty())) return;
  TokenBatch batch;
  if (std::exchange(resetDue_, false)) {
    batch = everything();
    for (Entry& entry : rows_) {
      entry.shown = true;
      entry.touched = false;
    }
  } else {
    batch.gone = gone_.values();
    for (const auto& id : pending_) {
      const auto row = rows_.find(id);
      if (row == rows_.end() || !std::exchange(row->touched, false)) continue;
      (std::exchange(row->shown, true) ? batch.changed : batch.added).append(row->row);
    }
  }
  pending_.clear();
  gone_.clear();
  flushedAt_ = now;
  if (batch.reset || !batch.added.isEmpty() || !batch.changed.isEmpty() || !batch.gone.isEmpty()) Q_EMIT changed(batch);
}

void TokenBook::schedule() {
  const qint64 now = now_();
  qint64 at = std::numeric_limits<qint64>::max();
  if (!dueAt_.empty()) at = dueAt_.begin()->first * dueStepMs;
  if (active_ && (resetDue_ || !pending_.isEmpty() || !gone_.isEmpty())) at = std::min(at, flushedAt_ + flushEveryMs);
  if (at == std::numeric_limits<qint64>::max()) {
    timer_.stop();
    return;
  }
  const int wait = static_cast<int>(std::clamp<qint64>(at - now, 0, 60'000));
  if (!timer_.isActive() || timer_.remainingTime() > wait) timer_.start(wait);
}

}  // namespace vx11::cluster
