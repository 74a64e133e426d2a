// What a POST /operator/internal/mode asks for, read strictly: a body that is wrong in any part asks for nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>
#include <boost/system/result.hpp>

#include "store/mode_switch.h"

namespace vx11::api {

struct ModeRequest {
  std::optional<store::Mode> mode;  ///< none: only a sign of the operation
  std::optional<store::ModeSwitch::Operation> operation;
  std::string step;      ///< of the operation, for the audit log; empty: none
  bool release = false;  ///< the operation ends
};
/// Why a body was refused: a word for programs and a sentence for people.
struct BadModeRequest {
  std::string_view detail, reason;
};

/// Texts are bounded and free of control characters: they are shown in terminals, and a line of a log is a line.
[[nodiscard]] boost::system::result<ModeRequest, BadModeRequest> read_mode_request(const boost::json::object& body);

}  // namespace vx11::api
