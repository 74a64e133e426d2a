// In which order the sentinels, or the nodes of a cluster, are asked for something, and what each of them said.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "redis/address.h"

namespace vx11::redis {

/// The seeds are never forgotten; what was learnt besides them is bounded.
class AskOrder {
 public:
  static constexpr std::size_t most_learnt = 12;

  explicit AskOrder(std::vector<Address> seeds) : seeds_(std::move(seeds)) {}

  /// A new round: the one preferred, those learnt if they go first, the seeds, those learnt if they go last.
  void begin();
  [[nodiscard]] std::optional<Address> next();
  /// The one named last.
  [[nodiscard]] const Address& current() const { return round_[next_ - 1]; }
  /// What the one named last said: a sentence that names it.
  void note(std::string_view said);
  /// From now on the one named last is asked first.
  void prefer_current();
  /// What the one named last said was no good: it is asked last, until it is preferred again.
  void defer_current();
  /// In place of what was learnt before; from the next round on.
  void learn(std::vector<Address> others, bool first);
  /// What all said in this round, joined by "; ".
  [[nodiscard]] const std::string& notes() const noexcept { return notes_; }

 private:
  void add(const Address& address);

  std::vector<Address> seeds_, learnt_;
  bool learnt_first_ = false;
  std::optional<Address> preferred_, deferred_;
  std::vector<Address> round_;
  std::size_t next_ = 0;
  std::string notes_;
};

}  // namespace vx11::redis
