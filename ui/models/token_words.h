// How the parts of a token's row are written, in the table, to a screen reader and in the export alike.
#pragma once

#include <QString>
#include <QStringList>

#include "cluster/types.h"
#include "widgets/state_mark.h"

namespace vx11::ui::words {

/// Seconds from which on a token counts as expiring.
inline constexpr int expiringSeconds = 10;

[[nodiscard]] QString state(cluster::TokenState state);
/// The mark of what the row is at `now` (console clock, ms): a live one is expiring near its end.
[[nodiscard]] Mark markAt(const cluster::TokenRow& row, qint64 now);
[[nodiscard]] QString stateAt(const cluster::TokenRow& row, qint64 now);
[[nodiscard]] QString unknownIssuer();
/// "51 s", over a minute "1:30", "ended" when dead or over.
[[nodiscard]] QString timeLeft(const cluster::TokenRow& row, qint64 now);
/// The same to be spoken: "51 seconds left", "ended".
[[nodiscard]] QString timeLeftSpoken(const cluster::TokenRow& row, qint64 now);
/// How long tokens live: "60 s" as it is configured, minutes only from two on.
[[nodiscard]] QString life(int seconds);
[[nodiscard]] QString age(const cluster::TokenRow& row, qint64 now);
/// "none", "unknown" or names with commas.
[[nodiscard]] QString cachedOn(const cluster::TokenRow& row, const QStringList& instances);

/// Lives and is not over at `now` (console clock, ms).
[[nodiscard]] bool alive(const cluster::TokenRow& row, qint64 now);
/// Whole seconds, rounded up; 0 when dead or over.
[[nodiscard]] int secondsLeft(const cluster::TokenRow& row, qint64 now);

/// The part of its life that is left, 0 to 1.
[[nodiscard]] double fractionLeft(const cluster::TokenRow& row, qint64 now);

}  // namespace vx11::ui::words
