#include "api/principals.h"

#include <cstring>

namespace vx11::api {

Principals::Principals(const std::vector<Secret>& secrets) {
  entries_.reserve(secrets.size());
  for (const Secret& secret : secrets) {
    Entry entry{PublicId::of(secret.reveal()), {}};
    entry.principal.fingerprint = entry.digest.text().substr(0, 8);
    std::memcpy(&entry.principal.key, entry.digest.bytes.data(), sizeof entry.principal.key);
    entries_.push_back(std::move(entry));
  }
}

const Principal* Principals::find(std::string_view presented) const noexcept {
  // Digests are compared, so that neither length nor content of a principal shows in the time it takes.
  const PublicId digest = PublicId::of(presented);
  const Principal* found = nullptr;
  for (const Entry& entry : entries_) {
    unsigned difference = 0;
    for (std::size_t i = 0; i < digest.bytes.size(); ++i) {
      difference |= static_cast<unsigned>(digest.bytes[i]) ^ static_cast<unsigned>(entry.digest.bytes[i]);
    }
    if (difference == 0) found = &entry.principal;
  }
  return found;
}

}  // namespace vx11::api
