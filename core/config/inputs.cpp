#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <string_view>
#include <system_error>
#include <utility>

#include "config/loader.h"

namespace vx11::config {
namespace {

constexpr std::size_t largest_file = 1024U * 1024U;

boost::system::result<std::string, std::string> contents_of(const std::string& path) {
  const auto failed = [](std::string why) {
    return boost::system::result<std::string, std::string>(boost::system::in_place_error, std::move(why));
  };
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "re"), &std::fclose);
  if (!file) return failed(std::generic_category().message(errno));
  std::string text;
  std::array<char, 4096> part;
  while (const std::size_t n = std::fread(part.data(), 1, part.size(), file.get())) {
    text.append(part.data(), n);
    if (text.size() > largest_file) return failed("it is larger than 1 MiB");
  }
  if (std::ferror(file.get()) != 0) return failed(std::generic_category().message(errno));
  return {boost::system::in_place_value, std::move(text)};
}

std::optional<unsigned> permissions_of(const std::string& path) {
  struct stat about {};
  if (stat(path.c_str(), &about) != 0) return std::nullopt;
  return static_cast<unsigned>(about.st_mode) & 07777U;
}

/// Asked, not tried: a check leaves no file behind.
std::optional<std::string> writing_hindered(const std::string& path) {
  struct stat about {};
  if (stat(path.c_str(), &about) == 0) {
    if (S_ISDIR(about.st_mode)) return std::generic_category().message(EISDIR);
    if (access(path.c_str(), W_OK) == 0) return std::nullopt;
    return std::generic_category().message(errno);
  }
  const auto slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  if (access(folder.c_str(), W_OK | X_OK) == 0) return std::nullopt;
  return std::generic_category().message(errno);
}

}  // namespace

Inputs Inputs::of_process(int argc, char** argv) {
  Inputs inputs;
  for (int i = 1; i < argc; ++i) inputs.arguments.emplace_back(argv[i]);
  for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable) {
    const std::string_view text = *variable;
    const auto equals = text.find('=');
    if (equals != std::string_view::npos)
      inputs.environment.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  inputs.read_file = contents_of;
  inputs.file_mode = permissions_of;
  inputs.why_not_writable = writing_hindered;
  return inputs;
}

}  // namespace vx11::config
