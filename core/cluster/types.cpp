#include "cluster/types.h"

#include <algorithm>
#include <cstring>

namespace vx11::cluster {
namespace {

// Upper case is not a spelling the service uses, so it isn't taken for an id either.
int nibble(QChar c) {
  const char16_t u = c.unicode();
  if (u >= u'0' && u <= u'9') return u - u'0';
  if (u >= u'a' && u <= u'f') return u - u'a' + 10;
  return -1;
}

}  // namespace

QString TokenId::text() const {
  static constexpr char16_t digits[] = u"0123456789abcdef";
  QString out(32, Qt::Uninitialized);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    out[static_cast<qsizetype>(2 * i)] = digits[bytes[i] >> 4U];
    out[static_cast<qsizetype>(2 * i + 1)] = digits[bytes[i] & 15U];
  }
  return out;
}

std::optional<TokenId> TokenId::parse(QStringView hex) {
  if (hex.size() != 32) return std::nullopt;
  TokenId id;
  for (std::size_t i = 0; i < id.bytes.size(); ++i) {
    const int high = nibble(hex[static_cast<qsizetype>(2 * i)]);
    const int low = nibble(hex[static_cast<qsizetype>(2 * i + 1)]);
    if (high < 0 || low < 0) return std::nullopt;
    id.bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return id;
}

size_t qHash(const TokenId& id, size_t seed) noexcept {
  // The id is a piece of a SHA-256: any eight bytes of it are a hash already.
  size_t h;
  std::memcpy(&h, id.bytes.data(), sizeof h);
  return h ^ seed;
}

QString TokenRow::masked() const {
  const auto end = std::find(maskedUtf8.begin(), maskedUtf8.end(), '\0');
  return QString::fromUtf8(maskedUtf8.data(), end - maskedUtf8.begin());
}

}  // namespace vx11::cluster
