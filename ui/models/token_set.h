// The rows of the token table in no order: found by id, and each under a slot number that stays its own while it lives.
// 100,000 rows take about 11 MB.
#pragma once

#include <QHash>
#include <cstdint>
#include <optional>
#include <vector>

#include "cluster/types.h"

namespace vx11::ui {

class TokenSet {
 public:
  using Slot = std::uint32_t;

  /// Adds the row or replaces the one with its id.
  Slot put(const cluster::TokenRow& row);
  void remove(Slot slot);
  [[nodiscard]] std::optional<Slot> find(const cluster::TokenId& id) const;
  [[nodiscard]] const cluster::TokenRow& row(Slot slot) const { return rows_[slot]; }
  [[nodiscard]] bool used(Slot slot) const { return used_[slot] != 0; }
  [[nodiscard]] qsizetype count() const { return byId_.size(); }
  /// One more than the highest slot ever used: the bound of a walk over all slots.
  [[nodiscard]] Slot slotEnd() const { return static_cast<Slot>(rows_.size()); }

  /// The walk of a reset: what was not put since `beginWalk` is stale, and must be removed before the next walk.
  void beginWalk() { walk_ = walk_ == 1 ? 2 : 1; }
  [[nodiscard]] bool stale(Slot slot) const { return used_[slot] != walk_; }

 private:
  std::vector<cluster::TokenRow> rows_;
  std::vector<std::uint8_t> used_;  ///< 0: free, else the walk in which the row was put last
  std::vector<Slot> free_;
  QHash<cluster::TokenId, Slot> byId_;
  std::uint8_t walk_ = 1;
};

}  // namespace vx11::ui
