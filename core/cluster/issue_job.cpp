#include "cluster/live_jobs.h"

#include <algorithm>

#include "token/token_id.h"

namespace vx11::cluster {

LiveIssueJob::LiveIssueJob(JobContext& context, const IssueSpec& spec, QObject* parent)
    : SteppedJob(context, std::clamp(spec.count, 1, 100'000), parent), spec_(spec) {
  spec_.count = total();
}

LiveIssueJob::~LiveIssueJob() {
  for (HttpCall& call : calls_) call.cancel();
}

void LiveIssueJob::cancel() {
  if (ended() || outcome_.failure) return;
  outcome_.failure = failureOf(Failure::Kind::Cancelled, QStringLiteral("cancelled"));
  later();  // those under way are waited for: their tokens exist
}

int LiveIssueJob::nextSlot() {
  if (spec_.slot >= 0) return context_.client(spec_.slot) != nullptr ? spec_.slot : -1;
  const auto count = static_cast<int>(context_.instances.size());
  for (int i = 1; i <= count; ++i) {
    const int slot = (lastSlot_ + i) % count;
    const InstanceState state = context_.instances[slot].state;
    if (context_.client(slot) != nullptr && (state == InstanceState::Live || state == InstanceState::Degraded)) {
      return lastSlot_ = slot;
    }
  }
  return -1;
}

void LiveIssueJob::step() {
  while (!outcome_.failure && started_ < spec_.count && calls_.size() < jobWidth) {
    const int slot = nextSlot();
    if (!context_.canChange()) {
      outcome_.failure = failureOf(Failure::Kind::ReadOnly, QStringLiteral("read_only"));
    } else if (slot < 0) {
      outcome_.failure = failureOf(Failure::Kind::NoInstance, QStringLiteral("no_instance"));
    } else {
      start(slot);
    }
  }
  if (calls_.isEmpty() && (outcome_.failure || started_ >= spec_.count)) conclude();
}

void LiveIssueJob::start(int slot) {
  const int number = started_++;
  calls_.insert(number, context_.client(slot)->issue(spec_.ttlSec, spec_.singleUse,
                                                     [this, number, slot](const Answer<wire::Issued>& answer) {
                                                       calls_.remove(number);
                                                       onAnswer(slot, answer);
                                                       step();
                                                     }));
}

void LiveIssueJob::onAnswer(int slot, const Answer<wire::Issued>& answer) {
  if (answer.has_error()) {
    if (outcome_.failure) return;
    outcome_.failure = answer.error();
    outcome_.failure.instance = context_.nameOf(slot);
    return;
  }
  const int ttl = answer->ttlSec.value_or(answer->expiresInSec.value_or(spec_.ttlSec.value_or(0)));
  const int left = answer->expiresInSec.value_or(ttl);
  context_.book.addOwn(slot, context_.nameOf(slot), answer->token, ttl * 1000, qint64{left} * 1000, context_.wallMs(),
                       spec_.singleUse);
  TokenId id;
  id.bytes = PublicId::of(answer->token.reveal()).bytes;
  outcome_.ids.append(id);
  ++outcome_.issued;
  ++issuedBySlot_[slot];
  ttlSec_ = ttl;
  correlationId_ = answer->correlationId;
  advance();
}

void LiveIssueJob::conclude() {
  for (auto slot = issuedBySlot_.cbegin(); slot != issuedBySlot_.cend(); ++slot) {
    QVariantMap fields{{QStringLiteral("count"), slot.value()},
                       {QStringLiteral("instance"), context_.nameOf(slot.key())},
                       {QStringLiteral("ttl_sec"), ttlSec_}};
    if (outcome_.issued == 1) fields.insert(QStringLiteral("id"), outcome_.ids.first().text());
    context_.log(Severity::Info, QStringLiteral("issued"), fields, outcome_.issued == 1 ? correlationId_ : QString());
  }
  if (outcome_.failure) {
    QVariantMap fields = fieldsOf(outcome_.failure);
    fields.insert(QStringLiteral("issued"), outcome_.issued);
    fields.insert(QStringLiteral("wanted"), spec_.count);
    const bool wanted = outcome_.failure.kind == Failure::Kind::Cancelled;
    context_.log(wanted ? Severity::Info : Severity::Error, QStringLiteral("issue_failed"), fields,
                 outcome_.failure.correlationId);
  }
  end(outcome_);
}

}  // namespace vx11::cluster
