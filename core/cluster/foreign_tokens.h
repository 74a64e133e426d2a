// Whose the live tokens are: how many were issued by others than the instances of this profile. They come by a shared
// Redis: from a backend in another language, or from a second cluster that uses the same database and prefix.
#pragma once

#include <QList>
#include <QString>
#include <QStringList>

#include "cluster/cluster.h"

namespace vx11::cluster {

/// An issuer is foreign when it isn't told, or is none of the instances: a backend with the public calls only isn't one,
/// one that was discovered and isn't accepted yet is.
struct ForeignTokens {
  qsizetype live = 0;          ///< all live tokens
  qsizetype foreign = 0;       ///< of them those of foreign issuers
  QList<IssuerCount> issuers;  ///< the foreign ones, the busiest first
  QStringList strangers;       ///< instances that never answered, whose ids may not be known: some may be theirs
};
[[nodiscard]] ForeignTokens foreignTokens(Cluster& cluster);

/// "398 live, 26 by py-1 (foreign)", "398 live, 26 by 3 foreign issuers", "398 live, none foreign"; "so far" for "live"
/// while the list is incomplete.
[[nodiscard]] QString foreignTokenWords(const ForeignTokens& counted, bool complete);
/// A line an issuer with its count, ten at most, and who may be one of them; empty without foreign issuers.
[[nodiscard]] QString foreignTokenDetails(const ForeignTokens& counted);

}  // namespace vx11::cluster
