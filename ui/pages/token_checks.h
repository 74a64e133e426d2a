// What the instances said about each token this console has checked: how often it was accepted and refused, and the
// last answer. Remembers the last thousand tokens.
#pragma once

#include <QHash>
#include <QList>
#include <optional>

#include "cluster/jobs.h"

namespace vx11::ui {

class TokenChecks {
 public:
  struct Record {
    int accepted = 0, refused = 0;
    cluster::CheckAnswer last;
  };
  void add(const cluster::TokenId& id, const cluster::CheckAnswer& answer);
  [[nodiscard]] std::optional<Record> of(const cluster::TokenId& id) const;

 private:
  QHash<cluster::TokenId, Record> records_;
  QList<cluster::TokenId> order_;  ///< oldest first
};

}  // namespace vx11::ui
