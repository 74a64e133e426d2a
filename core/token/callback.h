// A move-only function object that keeps small callables inside itself, so that answering from memory allocates
// nothing. g++ 12 has no std::move_only_function.
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

namespace vx11 {

template <class Signature>
class Callback;

/// Called at most once per owner by convention; calling an empty one is a bug.
template <class R, class... Args>
class Callback<R(Args...)> {
  static constexpr std::size_t inline_size = 56;

 public:
  Callback() noexcept = default;

  template <class F>
    requires(!std::is_same_v<std::remove_cvref_t<F>, Callback> && std::is_invocable_r_v<R, F&, Args...>)
  Callback(F&& f) {  // NOLINT(google-explicit-constructor): lambdas convert silently, as with std::function
    using T = std::remove_cvref_t<F>;
    if constexpr (sizeof(T) <= inline_size && alignof(T) <= alignof(std::max_align_t) &&
                  std::is_nothrow_move_constructible_v<T>) {
      ::new (static_cast<void*>(buffer_)) T(std::forward<F>(f));
      table_ = &inline_table<T>;
    } else {
      ::new (static_cast<void*>(buffer_)) std::unique_ptr<T>(std::make_unique<T>(std::forward<F>(f)));
      table_ = &heap_table<T>;
    }
  }

  Callback(Callback&& other) noexcept : table_(std::exchange(other.table_, nullptr)) {
    if (table_ != nullptr) table_->move(other.buffer_, buffer_);
  }
  Callback& operator=(Callback&& other) noexcept {
    if (this != &other) {
      reset();
      table_ = std::exchange(other.table_, nullptr);
      if (table_ != nullptr) table_->move(other.buffer_, buffer_);
    }
    return *this;
  }
  Callback(const Callback&) = delete;
  Callback& operator=(const Callback&) = delete;
  ~Callback() { reset(); }

  explicit operator bool() const noexcept { return table_ != nullptr; }
  R operator()(Args... args) { return table_->call(buffer_, std::forward<Args>(args)...); }

 private:
  struct Table {
    R (*call)(void*, Args&&...);
    void (*move)(void* from, void* to) noexcept;  // destroys the source
    void (*destroy)(void*) noexcept;
  };

  template <class T>
  static constexpr Table inline_table{
      [](void* p, Args&&... args) -> R { return (*static_cast<T*>(p))(std::forward<Args>(args)...); },
      [](void* from, void* to) noexcept {
        ::new (to) T(std::move(*static_cast<T*>(from)));
        static_cast<T*>(from)->~T();
      },
      [](void* p) noexcept { static_cast<T*>(p)->~T(); }};

  template <class T>
  static constexpr Table heap_table{
      [](void* p, Args&&... args) -> R {
        return (**static_cast<std::unique_ptr<T>*>(p))(std::forward<Args>(args)...);
      },
      [](void* from, void* to) noexcept {
        auto* source = static_cast<std::unique_ptr<T>*>(from);
        ::new (to) std::unique_ptr<T>(std::move(*source));
        source->~unique_ptr();
      },
      [](void* p) noexcept {
        using Pointer = std::unique_ptr<T>;
        static_cast<Pointer*>(p)->~Pointer();
      }};

  void reset() noexcept {
    if (table_ != nullptr) std::exchange(table_, nullptr)->destroy(buffer_);
  }

  const Table* table_ = nullptr;
  alignas(std::max_align_t) std::byte buffer_[inline_size]{};
};

}  // namespace vx11
