#include "cluster/local_principals.h"

#include <QByteArray>
#include <QList>
#include <array>
#include <string_view>

namespace vx11::cluster {

std::vector<Secret> findLocalPrincipals(Random& random) {
  std::vector<Secret> principals;
  const auto given = qgetenv("VX11_OPERATOR_TOKEN").split(',');
  for (const QByteArray& value : given) {
    const QByteArray trimmed = value.trimmed();
    if (!trimmed.isEmpty())
      principals.emplace_back(std::string_view(trimmed.data(), static_cast<std::size_t>(trimmed.size())));
  }
  if (principals.empty()) principals.push_back(makeSecret(random));
  return principals;
}

Secret makeSecret(Random& random) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::array<std::byte, 16> bytes{};
  random.fill(bytes);
  std::array<char, 2 * bytes.size()> text{};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    text[2 * i] = digits[std::to_integer<std::size_t>(bytes[i]) >> 4U];
    text[2 * i + 1] = digits[std::to_integer<std::size_t>(bytes[i]) & 15U];
  }
  Secret secret(std::string_view(text.data(), text.size()));
  wipe(text.data(), text.size());
  wipe(bytes.data(), bytes.size());
  return secret;
}

}  // namespace vx11::cluster
