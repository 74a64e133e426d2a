#include "pages/token_checks.h"

namespace vx11::ui {
namespace {

constexpr qsizetype mostRemembered = 1000;

}  // namespace

void TokenChecks::add(const cluster::TokenId& id, const cluster::CheckAnswer& answer) {
  if (!records_.contains(id)) order_ << id;
  Record& record = records_[id];
  record.accepted += answer.verdict == cluster::CheckAnswer::Verdict::Accepted;
  record.refused += answer.verdict == cluster::CheckAnswer::Verdict::Refused;
  record.last = answer;
  if (order_.size() > mostRemembered) records_.remove(order_.takeFirst());
}

std::optional<TokenChecks::Record> TokenChecks::of(const cluster::TokenId& id) const {
  const auto found = records_.constFind(id);
  return found == records_.constEnd() ? std::nullopt : std::optional(*found);
}

}  // namespace vx11::ui
