// A place in the walk through the token table: a shard, and the public id after which to go on. Public ids, because
// whoever lists sees the cursor, and must not learn a token from it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "token/token_id.h"

namespace vx11::store {

struct TableCursor {
  std::size_t shard = 0;
  PublicId after;  ///< all zero: from the shard's start

  /// Nothing: the text is no cursor of a table with `shard_count` shards. Empty is the start.
  [[nodiscard]] static std::optional<TableCursor> parse(std::string_view text, std::size_t shard_count);
  [[nodiscard]] std::string text() const;
};

}  // namespace vx11::store
