// What the Tokens page says about answers and failures. Pure functions.
#pragma once

#include <QString>

#include "cluster/cluster.h"
#include "widgets/state_mark.h"

namespace vx11::ui::tokens {

/// "1 token", "4,318 tokens".
[[nodiscard]] QString count(qint64 tokens);
/// What happened, to whom, and what it means: "fra-2 refused the principal (403 invalid_token)."
[[nodiscard]] QString failure(const cluster::Failure& failure);
/// "Issued 20 tokens", with what stopped it: "Issued 12 of 20 tokens. fra-2 does not answer (…)."
/// `ttlSec` and `instance` are left out when unknown (0) or several (empty).
[[nodiscard]] QString issued(const cluster::IssueOutcome& outcome, int wanted, int ttlSec, const QString& instance);
/// "Revoked 1 token", "Revoked 20 tokens; not all instances know yet".
[[nodiscard]] QString revoked(const cluster::RevokeOutcome& outcome);

[[nodiscard]] Mark mark(const cluster::CheckAnswer& answer);
/// "accepted", "refused", "can’t tell", "no answer".
[[nodiscard]] QString verdict(const cluster::CheckAnswer& answer);
/// What stands beside the verdict: "51 s left, redis, 0.8 ms", or why not.
[[nodiscard]] QString details(const cluster::CheckAnswer& answer);

/// Why nothing can be issued, checked or revoked now, and the way out; empty when it can.
[[nodiscard]] QString whyNoChange(const cluster::Cluster& cluster);
[[nodiscard]] QString whyNoAnswer(const cluster::Cluster& cluster);
/// The name of the instance in this place; "instance 3" while it is unknown.
[[nodiscard]] QString instanceName(const cluster::Cluster& cluster, int slot);

}  // namespace vx11::ui::tokens
