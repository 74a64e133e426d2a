#include "http/request.h"

#include <algorithm>
#include <boost/beast/core/string.hpp>

namespace vx11::http {

namespace {

constexpr std::size_t kept_capacity = 1024;

[[nodiscard]] int hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// Not find_first_of, which calls a function for every character.
[[nodiscard]] bool is_escaped(std::string_view text) noexcept {
  return std::any_of(text.begin(), text.end(), [](char c) { return c == '%' || c == '+'; });
}

}  // namespace

std::optional<std::string> decode_query_text(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '+') {
      out.push_back(' ');
    } else if (c == '%') {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = hex_digit(text[i + 1]);
      const int low = hex_digit(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      out.push_back(static_cast<char>(high * 16 + low));
      i += 2;
    } else {
      out.push_back(c);
    }
  }
  return out;
}

bool is_plain_name(std::string_view text) noexcept {
  if (text.empty() || text.size() > 64) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
  });
}

std::string host_name(std::string_view field) {
  std::size_t end = field.size();
  if (!field.empty() && field.front() == '[') {
    end = std::min(field.find(']'), field.size() - 1) + 1;
  } else {
    end = std::min(field.find(':'), field.size());
  }
  std::string host(field.substr(0, end));
  std::transform(host.begin(), host.end(), host.begin(),
                 [](unsigned char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c); });
  return host;
}

Single Request::header(std::string_view name) const noexcept {
  Single found;
  const std::string_view text = text_;
  for (const HeaderSlot& slot : headers_) {
    if (slot.name_size != name.size()) continue;
    if (!boost::beast::iequals(text.substr(slot.name_at, slot.name_size), name)) continue;
    found.repeated = found.value.has_value();
    found.value = text.substr(slot.value_at, slot.value_size);
    if (found.repeated) break;
  }
  return found;
}

std::string Request::header_list(std::string_view name) const {
  std::string list;
  const std::string_view text = text_;
  for (const HeaderSlot& slot : headers_) {
    if (!boost::beast::iequals(text.substr(slot.name_at, slot.name_size), name)) continue;
    if (!list.empty()) list += ',';
    list += text.substr(slot.value_at, slot.value_size);
  }
  return list;
}

Single Request::parameter(std::string_view name, std::string& storage) const {
  Single found;
  std::string_view rest = query;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('&'), rest.size());
    const std::string_view pair = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const std::size_t equals = std::min(pair.find('='), pair.size());
    std::string_view key = pair.substr(0, equals);
    std::string decoded_key;
    if (is_escaped(key)) {
      decoded_key = decode_query_text(key).value_or(std::string(key));
      key = decoded_key;
    }
    if (key != name) continue;
    if (found.value) {
      found.repeated = true;
      break;
    }
    const std::string_view raw = equals < pair.size() ? pair.substr(equals + 1) : std::string_view();
    if (is_escaped(raw)) {
      storage = decode_query_text(raw).value_or(std::string(raw));
      found.value = storage;
    } else {
      found.value = raw;
    }
  }
  return found;
}

void Request::reset() noexcept {
  method = Method::other;
  http_1_0 = false;
  keep_alive = true;
  path = query = correlation_id = {};
  body.clear();
  text_.clear();
  headers_.clear();
  target_size_ = 0;
}

void Request::set_target(std::string_view target) {
  text_.assign(target);
  target_size_ = target.size();
}

void Request::add_header(std::string_view name, std::string_view value) {
  HeaderSlot slot{};
  slot.name_at = static_cast<std::uint32_t>(text_.size());
  slot.name_size = static_cast<std::uint32_t>(name.size());
  text_.append(name);
  slot.value_at = static_cast<std::uint32_t>(text_.size());
  slot.value_size = static_cast<std::uint32_t>(value.size());
  text_.append(value);
  headers_.push_back(slot);
}

void Request::settle() noexcept {
  std::string_view target(text_.data(), target_size_);
  // The absolute form (RFC 9112, 3.2.2) is for proxies, but a server must accept it.
  if (target.starts_with("http://") || target.starts_with("https://")) {
    const std::size_t slash = target.find('/', target.find("//") + 2);
    target = slash == std::string_view::npos ? std::string_view("/") : target.substr(slash);
  }
  target = target.substr(0, target.find('#'));
  const std::size_t mark = target.find('?');
  path = target.substr(0, mark);
  query = mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1);
}

void Request::shrink() {
  if (body.capacity() > kept_capacity) std::string().swap(body);
  if (text_.capacity() > kept_capacity) std::string().swap(text_);
  if (headers_.capacity() > 32) std::vector<HeaderSlot>().swap(headers_);
}

}  // namespace vx11::http
