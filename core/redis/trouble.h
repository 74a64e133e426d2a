// Why there is no connection.
#pragma once

#include <string>

#include "redis/fault.h"

namespace vx11::redis {

struct Trouble {
  Fault fault = Fault::not_connected;
  std::string why;  ///< a sentence without its full stop
};

}  // namespace vx11::redis
