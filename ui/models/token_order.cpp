#include "models/token_order.h"

#include <algorithm>
#include <bit>
#include <numeric>

namespace vx11::ui {
namespace {

constexpr unsigned instantBits = 44;  // milliseconds of 557 years
constexpr std::uint64_t instantMask = (std::uint64_t{1} << instantBits) - 1;
constexpr std::uint64_t lastRank = (std::uint64_t{1} << (64 - instantBits)) - 1;

std::uint64_t instant(qint64 milliseconds) {
  return static_cast<std::uint64_t>(std::clamp<qint64>(milliseconds, 0, instantMask));
}

std::uint64_t ranked(std::uint64_t rank, const cluster::TokenRow& row) {
  return std::min(rank, lastRank) << instantBits | instant(row.expiresAt);
}

/// The first eight characters that are not the ellipsis: of a masked UUID these are all there are.
std::uint64_t textKey(const cluster::TokenRow& row) {
  std::uint64_t key = 0;
  int taken = 0;
  for (const char c : row.maskedUtf8) {
    if (c == '\0' || taken == 8) break;
    if (static_cast<unsigned char>(c) >= 0x80) continue;
    key = key << 8 | static_cast<unsigned char>(c);
    ++taken;
  }
  return taken == 0 ? 0 : key << (8 * (8 - taken));
}

std::uint64_t cachedRank(const cluster::TokenRow& row) {
  if (!row.cachedKnown) return lastRank;
  return static_cast<std::uint64_t>(std::popcount(row.cachedOn)) << 13 | (row.cachedOn & 0x1fffU);
}

}  // namespace

TokenOrder::TokenOrder(TokenColumn column, Qt::SortOrder order, const QStringList& issuers)
    : column_(column), order_(order) {
  std::vector<qsizetype> byName(static_cast<std::size_t>(issuers.size()));
  std::iota(byName.begin(), byName.end(), 0);
  std::sort(byName.begin(), byName.end(),
            [&](qsizetype a, qsizetype b) { return QString::localeAwareCompare(issuers[a], issuers[b]) < 0; });
  issuerRank_.resize(byName.size());
  for (std::size_t rank = 0; rank < byName.size(); ++rank) {
    issuerRank_[static_cast<std::size_t>(byName[rank])] = static_cast<std::uint32_t>(rank);
  }
}

std::uint64_t TokenOrder::ascendingKey(const cluster::TokenRow& row) const {
  switch (column_) {
    case TokenColumn::Token: return textKey(row);
    case TokenColumn::TimeLeft: return instant(row.expiresAt);
    case TokenColumn::Age: return ~instant(row.expiresAt - row.ttlMs);
    case TokenColumn::IssuedBy: {
      const auto issuer = static_cast<std::size_t>(row.issuer);
      return ranked(row.issuer >= 0 && issuer < issuerRank_.size() ? issuerRank_[issuer] : lastRank, row);
    }
    case TokenColumn::CachedOn: return ranked(cachedRank(row), row);
    case TokenColumn::State: return ranked(static_cast<std::uint64_t>(row.state), row);
  }
  return 0;
}

}  // namespace vx11::ui
