#include "cluster/routing_probe.h"

#include <QTimer>

#include "cluster/words.h"

namespace vx11::cluster {
namespace {

QString nameOf(const QString& instance) {
  return instance.isEmpty() ? RoutingProbe::tr("an instance without a name") : instance;
}

/// An instance that can't reach its Redis says so, and with it who it is.
bool isAnswerOfAnInstance(const Failure& failure) {
  return failure.kind == Failure::Kind::Http && !failure.instance.isEmpty();
}

}  // namespace

RoutingProbe::RoutingProbe(std::unique_ptr<BalancerVisitor> visitor, QObject* parent)
    : QObject(parent), visitor_(std::move(visitor)) {
  next();
}

RoutingProbe::~RoutingProbe() { call_.cancel(); }

void RoutingProbe::next() {
  visitor_->network->clearConnectionCache();
  if (!token_.empty() && checked_ < checksOfEach) return check();
  if (issued_ < tokens) return issue();
  end();
}

void RoutingProbe::issue() {
  ++issued_;
  checked_ = 0;
  token_ = {};
  call_ = visitor_->client.issue(
      lifeSec, false,
      [this](const Answer<wire::Issued>& issued) {
        if (issued.has_value()) {
          token_ = issued->token;
          issuer_ = issued->answeredBy;
        } else if (!isAnswerOfAnInstance(issued.error())) {
          return fail(tr("Through the balancer no token could be had (%1).").arg(words::reason(issued.error())));
        }
        ++seen_.answers[issued.has_value() ? issuer_ : issued.error().instance];
        next();
      },
      deadline);
}

void RoutingProbe::check() {
  ++checked_;
  call_ = visitor_->client.checkByStream(
      token_,
      [this](const CheckAnswer& answer) {
        const QString& by = answer.answeredBy;
        if (answer.failure && by.isEmpty()) {
          return fail(tr("The balancer gave no stream (%1).").arg(words::reason(answer.failure)));
        }
        ++seen_.answers[by];
        ++seen_.checked[by];
        if (answer.verdict == CheckAnswer::Verdict::Refused) {
          ++seen_.refused[by];
          if (seen_.problem.isEmpty()) {
            seen_.problem = tr("A token of %1 went to %2, which refused it.").arg(nameOf(issuer_), nameOf(by));
          }
        }
        next();
      },
      deadline);
}

void RoutingProbe::fail(const QString& problem) {
  seen_.problem = problem;
  end();
}

void RoutingProbe::end() {
  token_ = {};
  Q_EMIT ended(seen_);
}

}  // namespace vx11::cluster
