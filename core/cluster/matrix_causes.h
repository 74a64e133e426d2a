// Why instances refuse each other's tokens, as far as their settings tell. No I/O.
#pragma once

#include "cluster/matrix_table.h"

namespace vx11::cluster {

/// The refused cells of members that answer and whose tokens exist.
using MatrixRefusals = std::vector<std::pair<const MatrixMember*, const MatrixMember*>>;

/// "a uses database 1, b database 0: …", when a difference of database, prefix or server lies between every two that
/// refuse; else empty.
[[nodiscard]] QString differenceBetween(const MatrixTable::Members& members, const MatrixRefusals& refusals);

/// "c runs in memory mode: …", when every refusal has an instance in memory mode in it; else empty.
[[nodiscard]] QString memoryAmong(const MatrixTable::Members& members, const MatrixRefusals& refusals);

/// Who refuses whose tokens.
[[nodiscard]] QString listOf(const MatrixTable::Members& members, const MatrixRefusals& refusals);

}  // namespace vx11::cluster
