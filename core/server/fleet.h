// The loops of one instance as one: what is said to all of them, and what they count together.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "api/shared.h"
#include "server/loop_unit.h"

namespace vx11::server {

class Fleet final : public api::Loops {
 public:
  /// Called once, on a loop's thread, when a drain begins.
  explicit Fleet(std::function<void(std::string_view correlation_id)> on_drain) : on_drain_(std::move(on_drain)) {}

  /// Before any loop runs.
  void add(std::unique_ptr<LoopUnit> unit) { units_.push_back(std::move(unit)); }
  [[nodiscard]] const std::vector<std::unique_ptr<LoopUnit>>& units() const noexcept { return units_; }
  void clear() noexcept { units_.clear(); }

  void take_events() override;
  void tell_watchers(std::shared_ptr<const std::string> frame) override;
  void close_streams(std::span<const PublicId> ids) override;
  void close_all_token_streams(WallTime at) override;
  /// Streams and watches that these opened. Any thread.
  void close_principal_streams(std::vector<PublicId> principals);
  [[nodiscard]] std::size_t streams() const override;
  [[nodiscard]] std::size_t watchers() const override;
  [[nodiscard]] std::uint64_t slow_readers_cut() const override;
  [[nodiscard]] std::uint64_t requests() const override;
  [[nodiscard]] bool alive() const override;
  void begin_drain(std::string_view correlation_id) override;

 private:
  std::vector<std::unique_ptr<LoopUnit>> units_;
  std::function<void(std::string_view)> on_drain_;
};

}  // namespace vx11::server
