#include "feed/follower.h"

#include <atomic>
#include <mutex>
#include <type_traits>
#include <utility>
#include <variant>

#include "feed/follower_fsm.h"

namespace vx11::feed {

/// Carries out what the state machine says.
struct Follower::Impl : std::enable_shared_from_this<Impl> {
  Impl(redis::Client& its_client, const Clock& its_clock, Random& random, Keys keys, Listener& its_listener,
       Options options)
      : client(its_client),
        clock(its_clock),
        listener(its_listener),
        fsm(std::move(keys), random, options.block, std::move(options.instance_id)),
        last_heard(its_clock.now().time_since_epoch().count()) {}

  void carry_out(FollowerFsm::Step step) {
    for (;;) {
      for (const FollowerFsm::Told& told : step.told) tell(told);
      show();
      if (step.next == FollowerFsm::Next::wait) return;
      if (step.next == FollowerFsm::Next::ask) return ask(std::move(step));
      const Instant now = clock.now();
      step = fsm.held(listener.held_revocations(), now, client.time(now));
    }
  }

  void ask(FollowerFsm::Step step) {
    client.ask(std::move(step.request), step.deadline,
               [weak = weak_from_this(), asked = ++last_asked](const redis::Answer& answer) {
                 const auto self = weak.lock();
                 if (!self || self->last_asked != asked) return;
                 self->carry_out(self->fsm.answered(answer, self->clock.now()));
               });
  }

  void tell(const FollowerFsm::Told& told) {
    std::visit(
        [this](const auto& what) {
          using What = std::remove_cvref_t<decltype(what)>;
          if constexpr (std::is_same_v<What, Joined>) {
            listener.on_joined(what.epoch, what.base_entry, what.resume_key);
          } else if constexpr (std::is_same_v<What, Heard>) {
            listener.on_revocations(what.revocations, what.first_reading);
          } else {
            listener.on_events(what);
          }
        },
        told);
  }

  void show() {
    if (fsm.last_heard()) last_heard.store(fsm.last_heard()->time_since_epoch().count(), std::memory_order_relaxed);
    following.store(fsm.following(), std::memory_order_relaxed);
    broken.store(fsm.broken(), std::memory_order_relaxed);
    const std::lock_guard lock(mutex);
    problem = fsm.problem();
  }

  redis::Client& client;
  const Clock& clock;
  Listener& listener;
  FollowerFsm fsm;
  std::uint64_t last_asked = 0;  ///< an answer to an older question comes too late

  std::atomic<Instant::rep> last_heard;
  std::atomic<bool> following{false};
  std::atomic<std::uint64_t> broken{0};
  mutable std::mutex mutex;
  std::string problem;  ///< under the mutex
};

Follower::Follower(redis::Client& client, const Clock& clock, Random& random, Keys keys, Listener& listener,
                   Options options)
    : impl_(std::make_shared<Impl>(client, clock, random, std::move(keys), listener, std::move(options))) {
  impl_->show();
}

Follower::~Follower() = default;

void Follower::connected() {
  ++impl_->last_asked;
  impl_->carry_out(impl_->fsm.connected(impl_->clock.now()));
}

void Follower::disconnected() {
  ++impl_->last_asked;
  impl_->fsm.disconnected();
  impl_->show();
}

void Follower::read_again() { impl_->carry_out(impl_->fsm.read_again(impl_->clock.now())); }

void Follower::tick() { impl_->carry_out(impl_->fsm.tick(impl_->clock.now())); }

Instant Follower::last_heard() const noexcept {
  return Instant{Instant::duration{impl_->last_heard.load(std::memory_order_relaxed)}};
}

bool Follower::following() const noexcept { return impl_->following.load(std::memory_order_relaxed); }

std::string Follower::last_problem() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->problem;
}

std::uint64_t Follower::broken_entries() const noexcept { return impl_->broken.load(std::memory_order_relaxed); }

}  // namespace vx11::feed
