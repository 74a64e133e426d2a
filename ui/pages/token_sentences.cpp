#include "pages/token_sentences.h"

#include <QCoreApplication>
#include <algorithm>

#include "dialogs/dangerous.h"
#include "widgets/format.h"

namespace vx11::ui::tokens {
namespace {

struct Words {
  Q_DECLARE_TR_FUNCTIONS(vx11::ui::tokens)
};

using Verdict = cluster::CheckAnswer::Verdict;

QString refusal(const cluster::Failure& failure, const QString& who) {
  const QString answer = QStringLiteral("%1 %2").arg(failure.httpStatus).arg(failure.code).trimmed();
  switch (failure.httpStatus) {
    case 401:
    case 403:
      return Words::tr("%1 refused the principal (%2).").arg(who, answer);
    case 429:
      return Words::tr("%1 limits its rate (%2). Try fewer, or wait.").arg(who, answer);
    case 503:
      return Words::tr("%1 can’t store it now (%2).").arg(who, answer);
    default:
      break;
  }
  if (failure.code == QStringLiteral("ttl_out_of_range")) {
    return Words::tr("%1 does not allow this TTL (%2).").arg(who, answer);
  }
  return Words::tr("%1 refused (%2).").arg(who, answer);
}

}  // namespace

QString count(qint64 tokens) {
  return tokens == 1 ? Words::tr("1 token") : Words::tr("%1 tokens").arg(format::count(tokens));
}

QString failure(const cluster::Failure& failure) {
  using Kind = cluster::Failure::Kind;
  const QString who = failure.instance.isEmpty() ? Words::tr("The instance") : failure.instance;
  const QString why = QString(failure.text.isEmpty() ? failure.code : failure.text).replace(u'_', u' ');
  switch (failure.kind) {
    case Kind::None:
      return {};
    case Kind::Network:
      return why.isEmpty() ? Words::tr("%1 does not answer.").arg(who)
                           : Words::tr("%1 does not answer (%2).").arg(who, why);
    case Kind::Timeout:
      return Words::tr("%1 did not answer in time.").arg(who);
    case Kind::Http:
      return refusal(failure, who);
    case Kind::BadAnswer:
      return Words::tr("%1 answered what this service never answers.").arg(who);
    case Kind::ReadOnly:
      return Words::tr("This profile is read-only.");
    case Kind::Cancelled:
      return Words::tr("Cancelled.");
    case Kind::NoInstance:
      return Words::tr("No instance answers.");
  }
  return {};
}

QString issued(const cluster::IssueOutcome& outcome, int wanted, int ttlSec, const QString& instance) {
  if (!outcome.failure) {
    QString done = Words::tr("Issued %1").arg(count(outcome.issued));
    if (!instance.isEmpty()) done = Words::tr("%1 on %2").arg(done, instance);
    if (ttlSec <= 0) return done;
    const QString life = format::duration(ttlSec);
    return outcome.issued == 1 ? Words::tr("%1, lives %2").arg(done, life)
                               : Words::tr("%1, each lives %2").arg(done, life);
  }
  return Words::tr("Issued %1 of %2. %3").arg(format::count(outcome.issued), count(wanted), failure(outcome.failure));
}

QString revoked(const cluster::RevokeOutcome& outcome) {
  if (outcome.failure) return Words::tr("Not revoked. %1").arg(failure(outcome.failure));
  const QString done = outcome.revoked == 0 ? Words::tr("It had ended already, and is refused")
                                            : Words::tr("Revoked %1").arg(count(outcome.revoked));
  return outcome.othersPending ? Words::tr("%1; not every instance knows yet").arg(done) : done;
}

Mark mark(const cluster::CheckAnswer& answer) {
  switch (answer.verdict) {
    case Verdict::Accepted:
      return Mark::Pass;
    case Verdict::Refused:
      return Mark::Fail;
    case Verdict::CantTell:
      return Mark::CantTell;
    case Verdict::NoAnswer:
      return Mark::Unreachable;
  }
  return Mark::Unknown;
}

QString verdict(const cluster::CheckAnswer& answer) {
  switch (answer.verdict) {
    case Verdict::Accepted:
      return Words::tr("accepted");
    case Verdict::Refused:
      return Words::tr("refused");
    case Verdict::CantTell:
      return Words::tr("can’t tell");
    case Verdict::NoAnswer:
      return Words::tr("no answer");
  }
  return {};
}

QString details(const cluster::CheckAnswer& answer) {
  if (answer.verdict == Verdict::NoAnswer) return failure(answer.failure);
  QStringList parts;
  if (answer.verdict == Verdict::Accepted) {
    parts << Words::tr("%1 left").arg(format::duration(format::secondsLeft(answer.expiresInMs)));
    if (!answer.source.isEmpty()) parts << answer.source;
  } else {
    parts << QString::number(answer.httpStatus);
  }
  parts << format::latency(answer.latencyMs);
  return parts.join(QStringLiteral(", "));
}

QString whyNoAnswer(const cluster::Cluster& cluster) {
  const auto& instances = cluster.instances();
  const bool any = std::any_of(instances.begin(), instances.end(), [](const cluster::InstanceInfo& info) {
    using cluster::InstanceState;
    return info.state == InstanceState::Live || info.state == InstanceState::Degraded ||
           info.state == InstanceState::Draining;
  });
  if (any) return {};
  return instances.isEmpty() ? Words::tr("This profile has no instance yet.")
                             : Words::tr("No instance answers. The console goes on trying; Retry now asks at once.");
}

QString whyNoChange(const cluster::Cluster& cluster) {
  const QString readOnly = dangerous::whyNot(cluster);
  return readOnly.isEmpty() ? whyNoAnswer(cluster) : readOnly;
}

QString instanceName(const cluster::Cluster& cluster, int slot) {
  for (const auto& info : cluster.instances()) {
    if (info.slot == slot && !info.id.isEmpty()) return info.id;
  }
  return Words::tr("instance %1").arg(slot + 1);
}

}  // namespace vx11::ui::tokens
