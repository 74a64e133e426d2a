// Memory in its owner's place for the one asynchronous operation that it has at a time: asio would take it from malloc
// for every one.
#pragma once

#include <array>
#include <cstddef>
#include <new>

namespace vx11::http {

/// What doesn't fit, or comes while the place is taken, is taken from the heap.
class Place {
 public:
  Place() = default;
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  [[nodiscard]] void* take(std::size_t bytes) {
    if (taken_ || bytes > bytes_.size()) return ::operator new(bytes);
    taken_ = true;
    return bytes_.data();
  }
  void give_back(void* memory) noexcept {
    if (memory != bytes_.data()) return ::operator delete(memory);
    taken_ = false;
  }

 private:
  alignas(std::max_align_t) std::array<std::byte, 128> bytes_;
  bool taken_ = false;
};

/// For asio::bind_allocator. The place lives as long as the handler: by what that holds.
template <class T>
class PlaceAllocator {
 public:
  using value_type = T;

  explicit PlaceAllocator(Place& place) noexcept : place_(&place) {}
  template <class U>
  PlaceAllocator(const PlaceAllocator<U>& other) noexcept  // NOLINT(google-explicit-constructor): allocators rebind so
      : place_(other.place_) {}

  [[nodiscard]] T* allocate(std::size_t count) { return static_cast<T*>(place_->take(count * sizeof(T))); }
  void deallocate(T* memory, std::size_t) noexcept { place_->give_back(memory); }
  friend bool operator==(const PlaceAllocator&, const PlaceAllocator&) = default;

 private:
  template <class U>
  friend class PlaceAllocator;
  Place* place_;
};

}  // namespace vx11::http
