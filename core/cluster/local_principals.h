// The principals of what this console runs itself.
#pragma once

#include <vector>

#include "token/random.h"
#include "token/secret.h"

namespace vx11::cluster {

/// VX11_OPERATOR_TOKEN's, else one made for this run. Never empty.
[[nodiscard]] std::vector<Secret> findLocalPrincipals(Random& random);

/// 32 hex digits.
[[nodiscard]] Secret makeSecret(Random& random);

}  // namespace vx11::cluster
