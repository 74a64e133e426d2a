// When which token has to go: a hierarchical timer wheel of 16-byte keys. Inserting is O(1), and so is every step of
// an advance; no key comes out before its time. Knows nothing of threads, nor of what the keys stand for.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "store/pages.h"
#include "token/clock.h"
#include "token/token_id.h"

namespace vx11::store {

class ExpiryWheel {
 public:
  static constexpr std::chrono::milliseconds tick{100};

  /// `start`: nothing is due before it.
  explicit ExpiryWheel(Instant start) noexcept;

  /// The key comes out of the first advance to `deadline` or later, rounded up to a tick.
  void insert(const PublicId& key, Instant deadline);

  /// Moves to `now` and appends the keys that are due to `due`, in at most `max_steps` steps of constant work each (a
  /// key handed out, or moved to a finer level). True: there is more to do, and calling again with the same or a later
  /// `now` does it. How far `now` has jumped makes no difference to the work; a step back is none.
  bool advance(Instant now, std::size_t max_steps, std::vector<PublicId>& due);

  /// Do two deadlines fall due at the same time?
  [[nodiscard]] static bool same_tick(Instant a, Instant b) noexcept;
  /// Would a key with that deadline have come out of an advance to `now`?
  [[nodiscard]] static bool is_due(Instant deadline, Instant now) noexcept;
  /// Forgets all keys, not the time: O(size).
  void clear() noexcept;

  /// Gives back what is only kept in case that it is needed again soon.
  void trim() noexcept { pool_.trim(); }

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  /// Memory held, itself included.
  [[nodiscard]] std::size_t bytes() const noexcept;

 private:
  using Tick = std::uint64_t;  // since the clock's zero
  struct Item {
    PublicId key;
    Tick deadline = 0;
  };

  struct Block {
    std::array<Item, 10> items;
    std::size_t count = 0;
    BlockPool::Pointer<Block> next;
  };
  static_assert(sizeof(Block) == BlockPool::block_size);

  /// A stack of items in small blocks: grows without moving anything and frees each block as it empties.
  class Chain {
   public:
    Chain() = default;
    Chain(Chain&& other) noexcept : head_(std::move(other.head_)) {}
    Chain& operator=(Chain&& other) noexcept;
    ~Chain() { clear(); }

    [[nodiscard]] bool empty() const noexcept { return head_ == nullptr; }
    /// True: a block was added.
    bool push(const Item& item, BlockPool& pool);
    /// The last item, and whether its block went with it.
    std::pair<Item, bool> pop() noexcept;

   private:
    void clear() noexcept;

    BlockPool::Pointer<Block> head_;
  };

  // Level k holds what shares all digits (base 64) above the k-th with `current_`, in the slot of its own k-th digit,
  // which is greater. So the first occupied slot of the lowest occupied level is what comes next, and the levels hold
  // every instant there is.
  static constexpr unsigned digit_bits = 6;
  static constexpr std::size_t slot_count = std::size_t{1} << digit_bits;
  static constexpr std::size_t level_count = 7;
  struct Level {
    std::uint64_t occupied = 0;  // one bit a slot
    std::array<Chain, slot_count> slots;
  };

  void place(const Item& item);
  void push(Chain& chain, const Item& item) { blocks_ += chain.push(item, pool_) ? 1 : 0; }
  Item pop(Chain& chain) noexcept;
  /// Goes to the next occupied slot if it begins by `target`, and opens it; else goes to `target`.
  bool open_next_slot(Tick target) noexcept;

  Tick current_;
  BlockPool pool_;  // before the chains, which give their blocks back to it
  std::array<Level, level_count> levels_;
  Chain opened_;  // the slot being emptied: each item of it is due by now, or goes to a finer level
  Chain due_;     // deadlines up to `current_`
  std::size_t size_ = 0;
  std::size_t blocks_ = 0;
};

}  // namespace vx11::store
