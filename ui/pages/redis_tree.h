// The servers behind Redis as boxes: each master with its replicas, and what stands below them. Pure functions of what
// is known; who paints it adds nothing.
#pragma once

#include <QList>
#include <QString>

#include "pages/redis_words.h"

namespace vx11::ui::redis {

struct TreeBox {
  Mark mark = Mark::Unknown;
  QString title, state, address, line;
  QString tip;  ///< what has no room in it; may be empty
  friend bool operator==(const TreeBox&, const TreeBox&) = default;
};

struct TreeRow {
  TreeBox master;
  QList<TreeBox> replicas;
};

struct Tree {
  QList<TreeRow> rows;
  qsizetype leftOut = 0;     ///< masters beyond those that are shown
  QString foot, footDetail;  ///< "Sentinels", "quorum 2 of 3, all agree"; empty: there is no foot
  QList<TreeBox> sentinels;  ///< title is the address
  QString failovers;         ///< "1 failover, the last 12 s ago"; of a group only

  /// All of it in a sentence, for those who don't see it.
  [[nodiscard]] QString words() const;
};

/// Of one server, of a Sentinel group, or of a cluster: its masters by their slots, the worst ones first where not all
/// are shown.
[[nodiscard]] Tree treeOf(const cluster::RedisInfo& info, const Look& look);

/// "slots 0–5460"; of many ranges "5,461 slots in 7 ranges"; "no slots".
[[nodiscard]] QString slotWords(const QString& slots);

}  // namespace vx11::ui::redis
