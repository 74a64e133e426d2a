#include "server/setup.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>

#include "http/request.h"
#include "token/hex.h"
#include "token/token_id.h"

namespace vx11::server {

std::optional<std::string> unsupported(const config::Settings& settings) {
  if (!settings.signing_keys_file.empty()) return "--signing-keys-file is not part of this version";
  if (settings.mode == "signed") return "mode signed is not part of this version; use memory, redis or hybrid";
  return std::nullopt;
}

Secret make_principal(Random& random) {
  std::array<std::byte, 16> bytes{};
  random.fill(bytes);
  std::string text = hex_text(bytes);
  Secret secret{text};
  wipe(text.data(), text.size());
  return secret;
}

namespace {

[[nodiscard]] std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? std::string(name.data()) : std::string();
}

}  // namespace

std::string default_instance_id(std::uint16_t port) {
  std::string id = host_name();
  if (id.empty()) id = "instance";
  std::replace_if(
      id.begin(), id.end(), [](char c) { return !http::is_plain_name(std::string_view(&c, 1)); }, '-');
  const std::string suffix = "-" + std::to_string(port);
  return id.substr(0, 64 - suffix.size()) + suffix;
}

std::string url_of(const config::Endpoint& endpoint) {
  std::string host = endpoint.host;
  if (host == "0.0.0.0") host = "127.0.0.1";
  if (host == "::") host = "::1";
  if (host.find(':') != std::string::npos) host = "[" + host + "]";
  return "http://" + host + ":" + std::to_string(endpoint.port);
}

std::string advertised_url(const config::Endpoint& endpoint) {
  const std::string host = host_name();
  const bool unspecified = endpoint.host == "0.0.0.0" || endpoint.host == "::";
  return url_of(unspecified && !host.empty() ? config::Endpoint{host, endpoint.port} : endpoint);
}

http::ServerOptions server_options(const config::Settings& settings, const std::string& instance_id,
                                   const observe::Log& log, Random& random) {
  http::ServerOptions options;
  options.fixed_lines = "X-VX11-Instance: " + instance_id + "\r\n";
  options.make_correlation_id = [&random](char* out) { Uuid::generate(random).write(out); };
  for (const std::string& host : settings.allowed_hosts) options.allowed_hosts.push_back(http::host_name(host));
  for (const std::string& network : settings.trusted_proxies) {
    static_cast<void>(options.trusted_proxies.add(network));  // checked when the configuration was read
  }
  options.report = [&log](std::string_view event, std::string_view message) {
    log.write(observe::Level::warning, event, message);
  };
  if (settings.access_log) {
    options.access = [&log](const http::AccessRecord& record) {
      std::string url(record.path);
      if (!record.query.empty()) (url += '?') += record.query;
      // The log masks the value of every token parameter.
      log.write(observe::Level::info, "request", "",
                {{"method", record.method},
                 {"url", std::string_view(url)},
                 {"status", static_cast<std::int64_t>(record.status)},
                 {"bytes", static_cast<std::int64_t>(record.body_bytes)},
                 {"duration_ms", std::chrono::duration<double, std::milli>(record.duration).count()},
                 {"client", record.client},
                 {"correlation_id", record.correlation_id}});
    };
  }
  return options;
}

OwnedDescriptors::~OwnedDescriptors() {
  for (const int descriptor : descriptors_) ::close(descriptor);
}

int OwnedDescriptors::release_next() {
  const int descriptor = descriptors_.back();
  descriptors_.pop_back();
  return descriptor;
}

}  // namespace vx11::server
