// Whose the live tokens are: how many were issued by others than the instances of this profile. They come by a shared
// Redis: from a backend in another language, or from a second cluster that uses the same database and prefix.
#pragma once

#include <QList>
#include <QString>
#include <QStringList>

#include "cluster/tokens.h"
#include "cluster/types.h"

namespace vx11::cluster {

/// An issuer is foreign when it is the id of none of the instances that have the internal calls, or isn't told.
struct ForeignTokens {
  qsizetype live = 0;          ///< all live tokens
  qsizetype foreign = 0;       ///< of them those of foreign issuers
  QList<IssuerCount> issuers;  ///< the foreign ones, the busiest first
  QStringList strangers;       ///< instances that never answered, so their ids aren't known: some may be theirs
};
[[nodiscard]] ForeignTokens foreignTokens(const Tokens& tokens, const QList<InstanceInfo>& instances);

/// "398 live, 26 by py-1 (foreign)", "398 live, 26 by 3 foreign issuers", "398 live, none foreign"; "so far" for "live"
/// while the list is incomplete.
[[nodiscard]] QString foreignTokenWords(const ForeignTokens& counted, bool complete);
/// A line an issuer with its count, ten at most, and who may be one of them; empty without foreign issuers.
[[nodiscard]] QString foreignTokenDetails(const ForeignTokens& counted);

}  // namespace vx11::cluster
