// One request as it was received: method, path, query, header fields, body. Reused for every request of a connection.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vx11::http {

enum class Method : std::uint8_t { get, head, post, options, other };

/// A value that must not come twice.
struct Single {
  std::optional<std::string_view> value;
  bool repeated = false;
};

/// Views stay valid until the answer was given.
class Request {
 public:
  Method method = Method::other;
  bool http_1_0 = false;
  bool keep_alive = true;
  std::string_view path;            ///< without the query, as sent
  std::string_view query;           ///< after '?', as sent
  std::string body;
  std::string_view client;          ///< numeric address of the client, behind trusted proxies the first that is not one
  bool client_exempt = false;       ///< loopback or a trusted proxy itself: not counted by limits on failures
  std::string_view correlation_id;  ///< the client's when well formed, else a fresh one

  /// Case-insensitive.
  [[nodiscard]] Single header(std::string_view name) const noexcept;

  /// The values of all fields of that name as one list, in their order (RFC 9110, 5.3).
  [[nodiscard]] std::string header_list(std::string_view name) const;

  /// The parameter, percent-decoded into `storage` (and `+` as a space). A broken escape gives the raw text.
  [[nodiscard]] Single parameter(std::string_view name, std::string& storage) const;

  // Filled by the parser.
  void reset() noexcept;
  void set_target(std::string_view target);
  void add_header(std::string_view name, std::string_view value);
  /// Header storage may have moved while it grew: gives the views their final places.
  void settle() noexcept;
  /// Gives memory back that an unusual request made the connection hold.
  void shrink();
  [[nodiscard]] std::size_t header_count() const noexcept { return headers_.size(); }

 private:
  struct HeaderSlot {
    std::uint32_t name_at, name_size, value_at, value_size;
  };
  std::string text_;
  std::size_t target_size_ = 0;
  std::vector<HeaderSlot> headers_;
};

/// Percent-decodes; `+` is a space. Nothing when an escape is broken.
[[nodiscard]] std::optional<std::string> decode_query_text(std::string_view text);

/// The host of a Host field: lower case, without the port.
[[nodiscard]] std::string host_name(std::string_view field);

/// 1 to 64 of [A-Za-z0-9._-]: what may be echoed as a correlation id, and what an event may be called.
[[nodiscard]] bool is_plain_name(std::string_view text) noexcept;

}  // namespace vx11::http
