// What is thrown arbitrary bytes at, and what must be true whatever they are. libFuzzer drives these for hours
// (VX11_FUZZ), and a unit test for a moment, with bytes that it makes out of a few good ones.
#pragma once

#include <string_view>

namespace vx11::fuzz {

/// Each returns what went wrong; empty: nothing.
/// HTTP requests: however the bytes are cut, they mean the same, and nothing in them reaches where it could do harm.
[[nodiscard]] std::string_view requests(std::string_view bytes);
/// The configuration file: settings within their bounds, or an error that says something.
[[nodiscard]] std::string_view config_file(std::string_view bytes);
/// Tokens and ids: what is accepted has one spelling, and what is shown of a token is not the token.
[[nodiscard]] std::string_view token(std::string_view bytes);
/// `Last-Event-ID`: what is understood is all there is, and opens nothing by itself.
[[nodiscard]] std::string_view last_event_id(std::string_view bytes);

/// What a Redis answers: however the bytes are cut, they mean the same, or are refused.
[[nodiscard]] std::string_view replies(std::string_view bytes);

}  // namespace vx11::fuzz
