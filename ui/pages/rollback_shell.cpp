#include "pages/rollback_shell.h"

#include "cluster/rollback_words.h"
#include "cluster/typed_command.h"

namespace vx11::ui::rollback {
namespace {

using cluster::RollbackSpec;

QStringList program(const cluster::Profile& profile, const QList<cluster::InstanceInfo>& instances, bool byName) {
  QStringList words{QStringLiteral("vx11ctl")};
  const bool saved = profile.kind == cluster::ProfileKind::RemoteCluster && !profile.id.isEmpty();
  if (saved && byName) return words << QStringLiteral("--profile") << profile.name;
  for (const auto& info : instances)
    words << QStringLiteral("--instance") << info.url.toString(QUrl::StripTrailingSlash);
  return words;
}

QStringList verb(const RollbackSpec& spec) {
  if (spec.plan == RollbackSpec::Plan::Restart) return {QStringLiteral("restart")};
  return {QStringLiteral("rollback")};
}

}  // namespace

QString shellCommand(const cluster::Profile& profile, const QList<cluster::InstanceInfo>& instances,
                     const RollbackSpec& spec) {
  // What a profile holds can be replaced there, but not left away.
  const bool without = spec.nginxFile.isEmpty() ? !profile.nginxFile.isEmpty()
                                                : spec.reloadCommand.isEmpty() && !profile.reloadCommand.isEmpty();
  QStringList words = program(profile, instances, !without) + verb(spec);
  const auto add = [&words](const QString& option, const QString& value) {
    if (!value.isEmpty()) words << option << value;
  };
  if (spec.plan == RollbackSpec::Plan::Mode) add(QStringLiteral("--to"), spec.to);
  add(QStringLiteral("--keep"), spec.keep);
  for (const QString& each : spec.skip) add(QStringLiteral("--skip"), each);
  const bool named = words.value(1) == QStringLiteral("--profile");
  if (!named || spec.nginxFile != profile.nginxFile) add(QStringLiteral("--nginx-out"), spec.nginxFile);
  if (!named || spec.reloadCommand != profile.reloadCommand)
    add(QStringLiteral("--reload-command"), cluster::typed::lineOf(spec.reloadCommand));
  if (!named || spec.restartCommand != profile.restartCommand)
    add(QStringLiteral("--restart-command"), cluster::typed::lineOf(spec.restartCommand));
  if (spec.plan == RollbackSpec::Plan::Mode) add(QStringLiteral("--watch-seconds"), QString::number(spec.watchSec));
  if (spec.breakLock) words << QStringLiteral("--break-lock");
  return cluster::rollback::commandLine(words);
}

QString shellCommand(const cluster::Profile& profile, const QList<cluster::InstanceInfo>& instances,
                     const QStringList& words) {
  return cluster::rollback::commandLine(program(profile, instances, true) + words);
}

QString resumeCommand(const cluster::Profile& profile, const QList<cluster::InstanceInfo>& instances,
                      const RollbackSpec& spec, const QString& operationId) {
  // Nothing is kept of an operation whose instances end with this window.
  if (profile.kind != cluster::ProfileKind::RemoteCluster) return shellCommand(profile, instances, spec);
  QStringList words = program(profile, instances, true) + verb(spec);
  words << QStringLiteral("--resume");
  if (!operationId.isEmpty()) words << operationId;
  return cluster::rollback::commandLine(words);
}

}  // namespace vx11::ui::rollback
