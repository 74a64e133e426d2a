// The one way in which handlers send a JSON body.
#pragma once

#include <string_view>

#include "api/loop_context.h"

namespace vx11::api {

/// Never cached: all our JSON depends on a token, or on this moment.
void send_json(http::Responder& responder, int status, std::string_view body);

}  // namespace vx11::api
