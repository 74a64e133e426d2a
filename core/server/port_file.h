// Tells scripts which port was picked: a file that is either absent or whole.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace vx11::server {

/// The port in decimal and a line end. An empty path does nothing; else what went wrong, with the path.
[[nodiscard]] std::optional<std::string> write_port_file(const std::string& path, std::uint16_t port);

}  // namespace vx11::server
