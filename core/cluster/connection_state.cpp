#include "cluster/connection_state.h"

namespace vx11::cluster {
namespace {

using std::chrono::milliseconds;
constexpr milliseconds retryBase{250}, retryCap{5000};
constexpr int failuresToBelieve = 2;

QString reasonOf(const Failure& failure) {
  if (failure.kind == Failure::Kind::Timeout) return QStringLiteral("timed_out");
  if (failure.kind == Failure::Kind::BadAnswer) return QStringLiteral("bad_answer");
  if (failure.kind != Failure::Kind::Http) return failure.code;
  if (failure.httpStatus == 401 || failure.httpStatus == 403) return QStringLiteral("refused_principal");
  return QStringLiteral("http_%1").arg(failure.httpStatus);
}

}  // namespace

ConnectionState::ConnectionState(qint64 now, Random& random) : since_(now), backoff_(retryBase, retryCap, random) {}

ConnectionState::Step ConnectionState::enter(InstanceState state, const QString& reason) {
  Step step;
  step.stateChanged = state != state_ || reason != reason_;
  state_ = state;
  reason_ = reason;
  return step;
}

ConnectionState::Step ConnectionState::alive(qint64 now, InstanceState state, const QString& reason) {
  Step step = enter(state, reason);
  if (!answeredEver_) {
    step.change = Change::Connected;
    step.afterMs = now - since_;
  } else if (unreachableSince_ >= 0) {
    step.change = Change::Back;
    step.afterMs = now - unreachableSince_;
  }
  answeredEver_ = true;
  unreachableSince_ = -1;
  attempts_ = 0;
  backoff_.reset();
  return step;
}

ConnectionState::Step ConnectionState::answered(qint64 now, QStringView reported, const QString& trouble) {
  internalCalls_ = true;
  if (toldToDrain_) return alive(now, InstanceState::Draining, QStringLiteral("draining"));  // maybe of before
  if (reported == u"ready") {
    return alive(now, trouble.isEmpty() ? InstanceState::Live : InstanceState::Degraded, trouble);
  }
  if (reported == u"starting") return alive(now, InstanceState::Starting, QStringLiteral("starting"));
  if (reported == u"draining") return alive(now, InstanceState::Draining, QStringLiteral("draining"));
  return alive(now, InstanceState::Degraded, QStringLiteral("state_unknown"));
}

ConnectionState::Step ConnectionState::answeredHealthOnly(qint64 now) {
  internalCalls_ = false;
  if (toldToDrain_) return alive(now, InstanceState::Draining, QStringLiteral("draining"));
  return alive(now, InstanceState::Live, {});
}

ConnectionState::Step ConnectionState::answeredBadly(qint64 now, const Failure& failure) {
  if (toldToDrain_) return alive(now, InstanceState::Draining, QStringLiteral("draining"));
  return alive(now, InstanceState::Degraded, reasonOf(failure));
}

ConnectionState::Step ConnectionState::failed(qint64 now, const Failure& failure) {
  if (state_ == InstanceState::Stopped || state_ == InstanceState::Paused || toldToDrain_) return {};
  ++attempts_;
  retry_ = backoff_.next();
  const bool certain =
      !answeredEver_ || failure.code == QStringLiteral("connection_refused") || attempts_ >= failuresToBelieve;
  if (!certain && state_ != InstanceState::Unreachable) return {};
  Step step = enter(InstanceState::Unreachable, reasonOf(failure));
  if (unreachableSince_ < 0) {
    step.change = Change::Lost;
    unreachableSince_ = now;
    internalCalls_ = true;  // what comes back may be another program
  }
  return step;
}

ConnectionState::Step ConnectionState::toldThat(qint64 now, InstanceState state, const QString& reason) {
  Step step = enter(state, reason);
  toldToDrain_ = state == InstanceState::Draining;
  if (toldToDrain_) return step;
  if (state == InstanceState::Starting) {
    since_ = now;
    attempts_ = 0;
    backoff_.reset();
  } else if (unreachableSince_ < 0) {
    if (answeredEver_) step.change = Change::Lost;
    unreachableSince_ = now;
  }
  return step;
}

bool ConnectionState::reachable() const {
  return state_ == InstanceState::Live || state_ == InstanceState::Degraded || state_ == InstanceState::Draining ||
         (state_ == InstanceState::Starting && answeredEver_ && unreachableSince_ < 0);
}

milliseconds ConnectionState::interval(Attention attention) {
  switch (attention) {
    case Attention::InView:
      return milliseconds(1000);
    case Attention::Behind:
      return milliseconds(5000);
    case Attention::Minimised:
      return milliseconds(15'000);
  }
  return milliseconds(1000);
}

std::optional<milliseconds> ConnectionState::pollDelay(Attention attention) const {
  if (state_ == InstanceState::Stopped) return std::nullopt;
  return attempts_ > 0 ? retry_ : interval(attention);
}

}  // namespace vx11::cluster
