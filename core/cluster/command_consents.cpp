#include "cluster/command_consents.h"

#include <QCryptographicHash>
#include <QFile>
#include <QFileInfo>
#include <algorithm>

#include "cluster/json_fields.h"
#include "cluster/private_file.h"
#include "cluster/rollback.h"

namespace vx11::cluster {
namespace {

constexpr qint64 mostBytes = 1024 * 1024;

/// As JSON no two vectors are alike: where one word ends is part of it.
QString hashOf(const QStringList& command) {
  const QByteArray text = QJsonDocument(QJsonArray::fromStringList(command)).toJson(QJsonDocument::Compact);
  return QString::fromLatin1(QCryptographicHash::hash(text, QCryptographicHash::Sha256).toHex());
}

}  // namespace

CommandConsents::CommandConsents(QString path) : path_(std::move(path)) {}

QString CommandConsents::pathBeside(const QString& profilesPath) {
  return QFileInfo(profilesPath).path() + QStringLiteral("/confirmed_commands.json");
}

QStringList CommandConsents::hashes() const {
  QFile file(path_);
  QStringList all;
  if (!file.open(QIODevice::ReadOnly)) return all;
  const auto root = json::object(file.read(mostBytes));
  const QJsonArray array = root ? root->value(u"sha256").toArray() : QJsonArray();
  for (const QJsonValue& hash : array) all << hash.toString();
  return all;
}

QList<QStringList> CommandConsents::unconfirmed(const QList<QStringList>& commands) const {
  const QStringList confirmed = hashes();
  QList<QStringList> left;
  for (const QStringList& command : commands) {
    if (!command.isEmpty() && !left.contains(command) && !confirmed.contains(hashOf(command))) left << command;
  }
  return left;
}

boost::system::result<void, QString> CommandConsents::confirm(const QList<QStringList>& commands) const {
  QStringList all = hashes();
  for (const QStringList& command : commands) all << hashOf(command);
  all.removeDuplicates();
  const QJsonObject root{{QStringLiteral("version"), 1},
                         {QStringLiteral("sha256"), QJsonArray::fromStringList(all)}};
  return writePrivateFile(path_, QJsonDocument(root).toJson());
}

QList<QStringList> commandsOf(const RollbackSpec& spec, const QList<InstanceInfo>& instances) {
  QList<QStringList> commands;
  if (!spec.nginxFile.isEmpty() && !spec.reloadCommand.isEmpty()) commands << spec.reloadCommand;
  // Others than ours can't switch: they are restarted with another setting.
  const bool restarts = spec.plan == RollbackSpec::Plan::Restart ||
                        std::any_of(instances.begin(), instances.end(),
                                    [](const InstanceInfo& instance) { return !instance.internalCalls; });
  if (restarts && !spec.restartCommand.isEmpty()) commands << spec.restartCommand;
  return commands;
}

}  // namespace vx11::cluster
