#include "models/token_set.h"

namespace vx11::ui {

TokenSet::Slot TokenSet::put(const cluster::TokenRow& row) {
  if (const auto known = byId_.constFind(row.id); known != byId_.constEnd()) {
    rows_[*known] = row;
    used_[*known] = walk_;
    return *known;
  }
  Slot slot = slotEnd();
  if (!free_.empty()) {
    slot = free_.back();
    free_.pop_back();
    rows_[slot] = row;
    used_[slot] = walk_;
  } else {
    // A quarter at a time: doubling would hold up to twice the memory that 100,000 rows need.
    if (rows_.size() == rows_.capacity()) rows_.reserve(rows_.size() + rows_.size() / 4 + 1024);
    rows_.push_back(row);
    used_.push_back(walk_);
  }
  byId_.insert(row.id, slot);
  return slot;
}

void TokenSet::remove(Slot slot) {
  byId_.remove(rows_[slot].id);
  used_[slot] = 0;
  free_.push_back(slot);
}

std::optional<TokenSet::Slot> TokenSet::find(const cluster::TokenId& id) const {
  const auto found = byId_.constFind(id);
  return found == byId_.constEnd() ? std::nullopt : std::optional<Slot>(*found);
}

}  // namespace vx11::ui
