#include "server/port_file.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>

namespace vx11::server {

std::optional<std::string> write_port_file(const std::string& path, std::uint16_t port) {
  if (path.empty()) return std::nullopt;
  const std::string draft = path + ".new";
  {
    std::ofstream file(draft, std::ios::trunc);
    file << port << '\n';
    file.flush();
    if (!file) return "the port file " + path + " can't be written: " + std::strerror(errno);
  }
  if (std::rename(draft.c_str(), path.c_str()) != 0) {
    const int fault = errno;
    std::remove(draft.c_str());
    return "the port file " + path + " can't be written: " + std::strerror(fault);
  }
  return std::nullopt;
}

}  // namespace vx11::server
