// What has to be worked out before an instance can start: names, options, and whether this build can do what is asked.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/settings.h"
#include "http/server_options.h"
#include "observe/log.h"
#include "token/random.h"
#include "token/secret.h"

namespace vx11::server {

/// Why these settings can't be served, as a sentence; nothing when they can.
[[nodiscard]] std::optional<std::string> unsupported(const config::Settings& settings);

/// 32 hex digits, 128 random bits.
[[nodiscard]] Secret make_principal(Random& random);

/// Host name and port, in the characters that an id may have.
[[nodiscard]] std::string default_instance_id(std::uint16_t port);

/// How clients on this machine reach the endpoint; an unspecified address becomes the loopback one.
[[nodiscard]] std::string url_of(const config::Endpoint& endpoint);

/// How others reach it: of an unspecified address that is the host's name.
[[nodiscard]] std::string advertised_url(const config::Endpoint& endpoint);

[[nodiscard]] http::ServerOptions server_options(const config::Settings& settings, const std::string& instance_id,
                                                 const observe::Log& log, Random& random);

/// Descriptors that are closed unless they are taken.
class OwnedDescriptors {
 public:
  explicit OwnedDescriptors(std::vector<int> descriptors) : descriptors_(std::move(descriptors)) {}
  ~OwnedDescriptors();
  OwnedDescriptors(OwnedDescriptors&& other) noexcept : descriptors_(std::exchange(other.descriptors_, {})) {}
  OwnedDescriptors& operator=(OwnedDescriptors&& other) noexcept {
    std::swap(descriptors_, other.descriptors_);
    return *this;
  }
  /// There must be one left.
  [[nodiscard]] int release_next();

 private:
  std::vector<int> descriptors_;
};

}  // namespace vx11::server
