// What is unwise in the configuration, as a reload may change it. Thread-safe.
#pragma once

#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace vx11::api {

class Warnings {
 public:
  explicit Warnings(std::vector<std::string> texts) : texts_(std::move(texts)) {}

  [[nodiscard]] std::vector<std::string> all() const {
    const std::lock_guard lock(mutex_);
    return texts_;
  }
  void replace(std::vector<std::string> texts) {
    const std::lock_guard lock(mutex_);
    texts_ = std::move(texts);
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> texts_;
};

}  // namespace vx11::api
