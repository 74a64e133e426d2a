// Something that happens once to an instance. Thread-safe.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>

namespace vx11::server {

class Occurrence {
 public:
  /// Tells whoever listens, on this thread. Not twice.
  void happen();
  /// Called when it happens, or now if it has. There is one listener at the most.
  void listen(std::function<void()> handler);
  /// Blocks until it has happened.
  void wait();

 private:
  std::mutex mutex_;
  std::condition_variable condition_;
  std::function<void()> handler_;
  bool happened_ = false;
};

}  // namespace vx11::server
