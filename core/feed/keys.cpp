#include "feed/keys.h"

namespace vx11::feed {

Keys::Keys(std::string_view prefix) {
  const std::string tag = "{" + std::string(prefix) + "operator}";
  revocations = tag + ":feed";
  events = tag + ":events";
  key = tag + ":key";
  instances = std::string(prefix) + "operator:instances";
  instance = std::string(prefix) + "operator:instance:";
}

}  // namespace vx11::feed
