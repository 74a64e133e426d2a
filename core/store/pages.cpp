#include "store/pages.h"

#include <sys/mman.h>

#include <cstdint>
#include <utility>

namespace vx11::store {

namespace {

[[nodiscard]] std::uintptr_t address(const void* memory) noexcept { return reinterpret_cast<std::uintptr_t>(memory); }

}  // namespace

void* map_pages(std::size_t bytes, std::size_t alignment) {
  constexpr std::size_t page = 4096;  // every mapping is aligned to as much
  const std::size_t slack = alignment > page ? alignment : 0;
  void* const mapped = ::mmap(nullptr, bytes + slack, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) throw std::bad_alloc();
  if (slack == 0) return mapped;
  char* const start = static_cast<char*>(mapped);
  const std::size_t before = (alignment - address(start) % alignment) % alignment;
  if (before > 0) ::munmap(start, before);
  if (slack > before) ::munmap(start + before + bytes, slack - before);
  return start + before;
}

void unmap_pages(void* memory, std::size_t bytes) noexcept { ::munmap(memory, bytes); }

/// The head of a region, in its first block; the others follow. A free block holds the address of the next one.
struct BlockPool::Region {
  static constexpr std::size_t blocks = region_size / block_size;

  BlockPool* pool;
  Region* previous;
  Region* next;
  void* freed;           // given back; used first, because their pages are there already
  std::size_t in_use;
  std::size_t touched;   // blocks beyond have never been used

  [[nodiscard]] bool full() const noexcept { return freed == nullptr && touched == blocks; }
};

BlockPool::~BlockPool() {
  while (open_ != nullptr) release(open_);
}

void* BlockPool::take() {
  static_assert(sizeof(Region) <= block_size);
  if (open_ == nullptr) {
    link(::new (map_pages(region_size, region_size)) Region{this, nullptr, nullptr, nullptr, 0, 1});
    ++regions_;
  }
  Region* const region = open_;
  if (region == spare_) spare_ = nullptr;
  void* block = region->freed;
  if (block != nullptr) {
    region->freed = *static_cast<void**>(block);
  } else {
    block = reinterpret_cast<char*>(region) + region->touched++ * block_size;
  }
  ++region->in_use;
  if (region->full()) unlink(region);
  return block;
}

void BlockPool::give_back(void* block) noexcept {
  auto* const region = reinterpret_cast<Region*>(address(block) / region_size * region_size);
  BlockPool& pool = *region->pool;
  const bool was_full = region->full();
  *static_cast<void**>(block) = std::exchange(region->freed, block);
  if (was_full) pool.link(region);
  if (--region->in_use > 0) return;
  if (pool.spare_ == nullptr) {
    pool.spare_ = region;
  } else {
    pool.release(region);
  }
}

void BlockPool::trim() noexcept {
  if (spare_ != nullptr) release(std::exchange(spare_, nullptr));
}

void BlockPool::link(Region* region) noexcept {
  if (open_ == nullptr) {
    open_ = region->previous = region->next = region;
    return;
  }
  region->next = open_;
  region->previous = open_->previous;
  region->previous->next = region;
  open_->previous = region;
}

void BlockPool::unlink(Region* region) noexcept {
  if (region == open_) open_ = region->next == region ? nullptr : region->next;
  region->previous->next = region->next;
  region->next->previous = region->previous;
}

void BlockPool::release(Region* region) noexcept {
  unlink(region);
  --regions_;
  unmap_pages(region, region_size);
}

}  // namespace vx11::store
