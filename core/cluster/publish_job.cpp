#include <algorithm>

#include "cluster/live_jobs.h"

namespace vx11::cluster {

LivePublishJob::LivePublishJob(JobContext& context, const PublishSpec& spec, QObject* parent)
    : SteppedJob(context, 1, parent), spec_(spec) {}

LivePublishJob::~LivePublishJob() { call_.cancel(); }

void LivePublishJob::cancel() {
  if (ended()) return;
  call_.cancel();
  conclude(failureOf(Failure::Kind::Cancelled, QStringLiteral("cancelled")), {});
}

int LivePublishJob::findSlot() const {
  if (spec_.slot >= 0) return spec_.slot;
  const auto& all = context_.instances;
  const auto in = [&](InstanceState state) {
    return std::find_if(all.begin(), all.end(), [state](const auto& instance) {
      return instance.state == state && instance.internalCalls;
    });
  };
  auto found = in(InstanceState::Live);
  if (found == all.end()) found = in(InstanceState::Degraded);
  if (found == all.end()) {  // one of others may have the call too
    found = std::find_if(all.begin(), all.end(), [](const auto& each) { return each.state == InstanceState::Live; });
  }
  return found == all.end() ? -1 : found->slot;
}

void LivePublishJob::step() {
  const int slot = findSlot();
  InstanceClient* client = context_.client(slot);
  if (!context_.canChange()) return conclude(failureOf(Failure::Kind::ReadOnly, QStringLiteral("read_only")), {});
  if (client == nullptr) return conclude(failureOf(Failure::Kind::NoInstance, QStringLiteral("no_instance")), {});
  outcome_.slot = slot;
  call_ = client->publish(spec_.event, spec_.data, [this](const Answer<wire::Published>& answer) {
    if (answer.has_error()) return conclude(answer.error(), answer.error().correlationId);
    outcome_.id = answer->id;
    advance();
    conclude({}, {});
  });
}

void LivePublishJob::conclude(const Failure& failure, const QString& correlationId) {
  outcome_.failure = failure;
  const QString instance = context_.nameOf(outcome_.slot);
  if (failure) {
    outcome_.failure.instance = instance;
    QVariantMap fields = fieldsOf(outcome_.failure);
    fields.insert(QStringLiteral("name"), spec_.event);
    context_.log(Severity::Error, QStringLiteral("publish_failed"), fields, correlationId);
  } else {
    context_.log(Severity::Info, QStringLiteral("published"),
                 {{QStringLiteral("name"), spec_.event},
                  {QStringLiteral("instance"), instance},
                  {QStringLiteral("id"), outcome_.id}},
                 correlationId);
  }
  end(outcome_);
}

}  // namespace vx11::cluster
