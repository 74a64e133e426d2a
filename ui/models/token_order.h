// By what the token table is sorted: one 64-bit key a row, so that sorting and merging never look at the rows.
#pragma once

#include <Qt>
#include <QStringList>
#include <compare>
#include <cstdint>
#include <vector>

#include "models/token_set.h"

namespace vx11::ui {

enum class TokenColumn { Token, TimeLeft, Age, IssuedBy, CachedOn, State };
inline constexpr int tokenColumnCount = 6;

/// A place in the order: by key, then by slot, so no two rows are equal.
struct OrderEntry {
  std::uint64_t key = 0;
  TokenSet::Slot slot = 0;
  friend auto operator<=>(const OrderEntry&, const OrderEntry&) = default;
};

/// Rows that are equal in the chosen column are ordered by their end.
class TokenOrder {
 public:
  TokenOrder() = default;
  TokenOrder(TokenColumn column, Qt::SortOrder order, const QStringList& issuers);
  [[nodiscard]] TokenColumn column() const { return column_; }
  [[nodiscard]] Qt::SortOrder direction() const { return order_; }
  [[nodiscard]] OrderEntry entry(TokenSet::Slot slot, const cluster::TokenRow& row) const {
    const std::uint64_t key = ascendingKey(row);
    return {order_ == Qt::AscendingOrder ? key : ~key, slot};
  }

 private:
  [[nodiscard]] std::uint64_t ascendingKey(const cluster::TokenRow& row) const;
  TokenColumn column_ = TokenColumn::TimeLeft;
  Qt::SortOrder order_ = Qt::DescendingOrder;
  std::vector<std::uint32_t> issuerRank_;  ///< by issuer index; names sorted as the locale does
};

}  // namespace vx11::ui
