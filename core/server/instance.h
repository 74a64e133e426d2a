// One running token service: its event loops, its store and its sockets. Several live side by side in one process.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <boost/system/result.hpp>

#include "config/settings.h"
#include "observe/log.h"
#include "token/clock.h"
#include "token/random.h"

namespace vx11::server {

/// What an instance takes from its surroundings; all of it outlives the instance.
struct Surroundings {
  const Clock& clock;
  Random& random;
  observe::Log::Sink log;
};

class Instance {
 public:
  /// Opens the port and starts the loops; returns once requests are answered. The error is a sentence that names the
  /// address or file and the reason ("address 127.0.0.1:8011 is in use").
  [[nodiscard]] static boost::system::result<std::unique_ptr<Instance>, std::string> start(config::Settings settings,
                                                                                           Surroundings surroundings);

  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;
  /// Stops at once if it still runs, and joins its threads.
  ~Instance();

  [[nodiscard]] std::uint16_t port() const noexcept;
  [[nodiscard]] std::string url() const;          ///< http://127.0.0.1:8011
  [[nodiscard]] const std::string& id() const noexcept;
  /// The principal made for this run; empty when some were configured.
  [[nodiscard]] const Secret& one_run_principal() const noexcept;

  /// Begins a graceful stop: not ready, no new connections, streams closed one after the other, requests in flight
  /// answered, then the loops end. `why` is for the audit log ("SIGTERM"). Any thread; a second call changes nothing.
  void drain(std::string_view why = "the program");
  /// Takes over what can change while it runs from settings that were read again: principals and rate limits. An error
  /// changes nothing; log and audit log tell of both, and of what needs a restart. True: taken over. Any thread.
  bool reload(const boost::system::result<config::Settings, std::string>& read);
  /// Do all its loops turn? What /livez says. Any thread.
  [[nodiscard]] bool alive() const;
  /// Ends now, whatever is under way. Any thread but the instance's own.
  void stop_now();
  /// Called once, on a thread of the instance, when its loops have ended after a drain or a stop (also one that a
  /// client asked for); on this one if they have already. Any thread.
  void on_stopped(std::function<void()> handler);
  /// The same for the beginning of a drain, on the thread that begins it.
  void on_draining(std::function<void()> handler);
  /// Blocks until the loops have ended.
  void wait();

 private:
  struct Impl;
  explicit Instance(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace vx11::server
