#include "cluster/live_jobs.h"
#include "token/token_id.h"

namespace vx11::cluster {
namespace {

int errandsOf(const JobContext& context, const RevokeSpec& spec) {
  const auto instances = static_cast<int>(context.instances.size());
  return spec.all || !spec.token.empty() ? instances : static_cast<int>(spec.ids.size());
}

}  // namespace

LiveRevokeJob::LiveRevokeJob(JobContext& context, const RevokeSpec& spec, QObject* parent)
    : SteppedJob(context, errandsOf(context, spec), parent) {
  plan(spec);
}

LiveRevokeJob::~LiveRevokeJob() {
  for (HttpCall& call : calls_) call.cancel();
}

void LiveRevokeJob::plan(const RevokeSpec& spec) {
  // One that is stopped forgot its tokens with its process; the others are told all the same.
  std::uint32_t reachable = 0;
  for (const InstanceInfo& instance : context_.instances) {
    if (instance.state != InstanceState::Stopped) reachable |= 1U << static_cast<unsigned>(instance.slot);
  }
  const auto everywhere = [&](const RevokeTarget& target) {
    for (const InstanceInfo& instance : context_.instances) {
      const bool told = (reachable >> static_cast<unsigned>(instance.slot) & 1U) != 0;
      if (instance.internalCalls && told) errands_.push_back({instance.slot, target});
    }
  };
  RevokeTarget target;
  target.all = spec.all;
  if (spec.all || !spec.token.empty()) {
    target.token = spec.token;
    named_ = spec.all ? 0 : 1;
    everywhere(target);
    return;
  }
  named_ = spec.ids.size();
  for (const TokenId& id : spec.ids) {
    target.id = id;
    const std::uint32_t holders = context_.book.holders(id) & reachable;
    if (holders == 0) everywhere(target);
    for (int slot = 0; slot < 32; ++slot) {
      if ((holders >> static_cast<unsigned>(slot) & 1U) != 0) errands_.push_back({slot, target});
    }
  }
}

void LiveRevokeJob::cancel() {
  if (ended()) return;
  outcome_.failure = failureOf(Failure::Kind::Cancelled, QStringLiteral("cancelled"));
  later();  // those under way are waited for: they are done or not, and the outcome says so
}

void LiveRevokeJob::step() {
  if (errands_.empty() && !outcome_.failure) {
    outcome_.failure = failureOf(Failure::Kind::NoInstance, QStringLiteral("no_instance"));
  }
  // One that fails keeps nobody else's tokens alive: the others are told all the same.
  const auto stopped = [this] {
    return outcome_.failure.kind == Failure::Kind::Cancelled || outcome_.failure.kind == Failure::Kind::ReadOnly;
  };
  while (!stopped() && started_ < errands_.size() && calls_.size() < jobWidth) {
    const Errand& errand = errands_[started_];
    if (!context_.canChange()) {
      outcome_.failure = failureOf(Failure::Kind::ReadOnly, QStringLiteral("read_only"));
    } else if (context_.client(errand.slot) != nullptr) {
      start(errand);
    } else {
      ++started_;
      advance();
      if (outcome_.failure) continue;
      outcome_.failure = failureOf(Failure::Kind::NoInstance, QStringLiteral("no_instance"));
      outcome_.failure.instance = context_.nameOf(errand.slot);
    }
  }
  if (calls_.isEmpty() && (stopped() || started_ >= errands_.size())) conclude();
}

void LiveRevokeJob::start(const Errand& errand) {
  const auto number = static_cast<int>(started_++);
  const qint64 sentAt = context_.now();
  calls_.insert(number, context_.client(errand.slot)->revoke(
                            errand.target, [this, number, errand, sentAt](const auto& answer) {
                              calls_.remove(number);
                              onAnswer(errand, sentAt, answer);
                              step();
                            }));
}

void LiveRevokeJob::onAnswer(const Errand& errand, qint64 sentAt, const Answer<InstanceClient::RevokeAnswer>& answer) {
  advance();
  if (answer.has_error()) {
    if (outcome_.failure) return;
    outcome_.failure = answer.error();
    outcome_.failure.instance = context_.nameOf(errand.slot);
    return;
  }
  correlationId_ = errands_.size() == 1 ? answer->correlationId : QString();
  outcome_.revoked += answer->revoked;
  outcome_.othersPending = outcome_.othersPending || answer->othersPending;
  // The watch tells it too; the operator who pressed sees it at once.
  if (errand.target.all) {
    context_.book.revokedAll(errand.slot, context_.now() - sentAt + 1);
  } else {
    TokenId id = errand.target.id.value_or(TokenId{});
    if (!errand.target.id) id.bytes = PublicId::of(errand.target.token.reveal()).bytes;
    context_.book.revoked(errand.slot, {id});
  }
}

void LiveRevokeJob::conclude() {
  QVariantMap fields{{QStringLiteral("count"), outcome_.revoked}, {QStringLiteral("all"), named_ == 0}};
  if (!errands_.empty() && (!outcome_.failure || outcome_.revoked > 0)) {
    const auto& id = errands_.front().target.id;
    if (named_ == 1 && id) fields.insert(QStringLiteral("id"), id->text());
    context_.log(Severity::Info, QStringLiteral("revoked"), fields, correlationId_);
  }
  if (outcome_.failure) {
    fields.insert(fieldsOf(outcome_.failure));
    context_.log(Severity::Error, QStringLiteral("revoke_failed"), fields, outcome_.failure.correlationId);
  }
  end(outcome_);
}

}  // namespace vx11::cluster
