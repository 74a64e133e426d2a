// A file descriptor that is closed with its owner.
#pragma once

#include <unistd.h>

#include <utility>

namespace vx11::cluster {

class ChildDescriptor {
 public:
  ChildDescriptor() = default;
  explicit ChildDescriptor(int number) : number_(number) {}
  ChildDescriptor(ChildDescriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  ChildDescriptor& operator=(ChildDescriptor&& other) noexcept {
    if (this != &other) {
      close();
      number_ = std::exchange(other.number_, -1);
    }
    return *this;
  }
  ~ChildDescriptor() { close(); }

  [[nodiscard]] int get() const { return number_; }
  [[nodiscard]] bool valid() const { return number_ >= 0; }
  void close() {
    if (const int number = std::exchange(number_, -1); number >= 0) ::close(number);
  }

 private:
  int number_ = -1;
};

}  // namespace vx11::cluster
