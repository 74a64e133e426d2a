#include "ctl/command.h"

#include <QJsonArray>
#include <algorithm>
#include <utility>

#include "ctl/words.h"

namespace vx11::ctl {

void Command::finish(int code) {
  if (!std::exchange(finished_, true)) Q_EMIT finished(code);
}

void Command::fail(const cluster::Failure& failure, QJsonObject document) {
  document.insert(QStringLiteral("error"), toJson(failure));
  out_.document(document);
  out_.note(sentence(failure));
  finish(exitCodeOf(failure));
}

std::unique_ptr<cluster::Cluster> Command::open(const Connection& connection) { return ctl::open(connection); }

bool Command::someoneAnswers(const cluster::Cluster& cluster) {
  const auto& instances = cluster.instances();
  if (std::any_of(instances.begin(), instances.end(), answers)) return true;
  QStringList reasons;
  for (const auto& instance : instances) reasons.append(whySilent(instance));
  failUnreachable(reasons);
  return false;
}

void Command::failUnreachable(const QStringList& reasons) {
  out_.document({{QStringLiteral("error"), QJsonObject{{QStringLiteral("code"), QStringLiteral("unreachable")},
                                                       {QStringLiteral("message"), reasons.join(u"; ")}}}});
  for (const QString& reason : reasons) out_.note(reason);
  finish(Exit::Unreachable);
}

}  // namespace vx11::ctl
