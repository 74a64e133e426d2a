// Memory that goes back to the system the moment it is free. What a burst of tokens takes from malloc stays scattered
// over its heap, and to collect it there costs an event loop many milliseconds at once.
#pragma once

#include <cstddef>
#include <memory>
#include <new>

namespace vx11::store {

/// Zeroed memory of whole pages; `alignment` is a power of two. Throws std::bad_alloc.
[[nodiscard]] void* map_pages(std::size_t bytes, std::size_t alignment = 1);
void unmap_pages(void* memory, std::size_t bytes) noexcept;

/// An allocator that takes large pieces as pages and leaves the small to malloc.
template <class T>
struct PageAllocator {
  using value_type = T;
  static constexpr std::size_t large = 64U * 1024U;

  PageAllocator() = default;
  template <class U>
  PageAllocator(const PageAllocator<U>&) noexcept {}  // NOLINT(google-explicit-constructor): allocators rebind so

  [[nodiscard]] T* allocate(std::size_t count) {
    const std::size_t bytes = count * sizeof(T);
    return static_cast<T*>(bytes < large ? ::operator new(bytes) : map_pages(bytes));
  }
  void deallocate(T* memory, std::size_t count) noexcept {
    const std::size_t bytes = count * sizeof(T);
    bytes < large ? ::operator delete(memory) : unmap_pages(memory, bytes);
  }
  friend bool operator==(const PageAllocator&, const PageAllocator&) = default;
};

/// Blocks of one size, cut from regions of pages; a region goes back when its last block does, but for one that is kept
/// until `trim`. Outlives its blocks. Not thread-safe.
class BlockPool {
 public:
  static constexpr std::size_t block_size = 256;
  static constexpr std::size_t region_size = 256U * 1024U;

  BlockPool() = default;
  BlockPool(const BlockPool&) = delete;
  BlockPool& operator=(const BlockPool&) = delete;
  ~BlockPool();

  /// Gives a block back to the pool it came from.
  struct Return {
    template <class T>
    void operator()(T* block) const noexcept {
      block->~T();
      give_back(block);
    }
  };
  template <class T>
  using Pointer = std::unique_ptr<T, Return>;

  template <class T>
  [[nodiscard]] Pointer<T> make() {
    static_assert(sizeof(T) <= block_size && alignof(T) <= alignof(std::max_align_t));
    return Pointer<T>(::new (take()) T());
  }
  void trim() noexcept;
  [[nodiscard]] std::size_t regions() const noexcept { return regions_; }

 private:
  struct Region;
  [[nodiscard]] void* take();
  static void give_back(void* block) noexcept;
  void link(Region* region) noexcept;
  void unlink(Region* region) noexcept;
  void release(Region* region) noexcept;

  Region* open_ = nullptr;   // those with room, in a ring; the oldest first, so that the younger may empty
  Region* spare_ = nullptr;  // the one of them without a block in use
  std::size_t regions_ = 0;
};

}  // namespace vx11::store
