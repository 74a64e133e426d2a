// An operation's progress as JSON, and back. Whatever can't be understood is no progress: nothing is guessed.
#include <QJsonArray>
#include <algorithm>

#include "cluster/json_fields.h"
#include "cluster/rollback_progress.h"
#include "cluster/rollback_words.h"

namespace vx11::cluster::rollback {
namespace {

constexpr int version = 1, noSlot = 1'000'000;
using Slots = QHash<int, int>;  ///< then to now

QJsonArray written(const QStringList& words) { return QJsonArray::fromStringList(words); }
QStringList wordsIn(const QJsonObject& object, QStringView name) {
  QStringList words;
  const QJsonArray array = object.value(name).toArray();
  for (const QJsonValue& value : array) words << value.toString();
  return words;
}
QString base64(const QByteArray& bytes) { return QString::fromLatin1(bytes.toBase64()); }
QByteArray bytesIn(const QJsonObject& object, QStringView name) {
  return QByteArray::fromBase64(object.value(name).toString().toLatin1());
}

QJsonArray written(const QList<int>& members) {
  QJsonArray array;
  for (const int slot : members) array.append(slot);
  return array;
}
QList<int> slotsIn(const QJsonObject& object, QStringView name, const Slots& now) {
  QList<int> all;
  const QJsonArray array = object.value(name).toArray();
  for (const QJsonValue& value : array) all << now.value(value.toInt(-1), noSlot);
  return all;
}

QJsonValue written(const QString& value) { return value; }
QJsonValue written(qint64 value) { return value; }
QJsonValue written(const Counters& value) { return QJsonArray{value.checks, value.refused}; }
template <typename T>
T read(const QJsonValue& value);
template <>
QString read<QString>(const QJsonValue& value) {
  return value.toString();
}
template <>
qint64 read<qint64>(const QJsonValue& value) {
  return value.toInteger();
}
template <>
Counters read<Counters>(const QJsonValue& value) {
  return {value.toArray().at(0).toInteger(), value.toArray().at(1).toInteger()};
}
template <typename T>
QJsonObject written(const QHash<int, T>& bySlot) {
  QJsonObject object;
  for (auto each = bySlot.begin(); each != bySlot.end(); ++each) {
    object.insert(QString::number(each.key()), written(each.value()));
  }
  return object;
}
template <typename T>
QHash<int, T> bySlotIn(const QJsonObject& object, QStringView name, const Slots& now) {
  QHash<int, T> bySlot;
  const QJsonObject all = json::child(object, name);
  for (auto each = all.begin(); each != all.end(); ++each) {
    bySlot.insert(now.value(each.key().toInt(), noSlot), read<T>(each.value()));
  }
  return bySlot;
}

QJsonObject written(const RollbackMember& member) {
  return {{QStringLiteral("slot"), member.slot},
          {QStringLiteral("id"), member.id},
          {QStringLiteral("url"), member.url.toString(QUrl::FullyEncoded | QUrl::RemoveUserInfo)},
          {QStringLiteral("foreign"), member.foreign},
          {QStringLiteral("servers"), written(member.servers)},
          {QStringLiteral("restart"), written(member.restart)},
          {QStringLiteral("window_ms"), member.windowMs}};
}
RollbackMember memberFrom(const QJsonObject& object) {
  RollbackMember member;
  member.slot = object.value(u"slot").toInt(-1);
  member.id = object.value(u"id").toString();
  member.url = QUrl(object.value(u"url").toString());
  member.foreign = object.value(u"foreign").toBool();
  member.servers = wordsIn(object, u"servers");
  member.restart = wordsIn(object, u"restart");
  member.windowMs = object.value(u"window_ms").toInteger();
  return member;
}

QJsonObject written(const RollbackStep& step) {
  return {{QStringLiteral("kind"), wordOf(step.kind)},
          {QStringLiteral("state"), wordOf(step.state)},
          {QStringLiteral("slot"), step.slot},
          {QStringLiteral("instance"), step.instance},
          {QStringLiteral("from"), step.from},
          {QStringLiteral("to"), step.to},
          {QStringLiteral("servers"), written(step.servers)},
          {QStringLiteral("sticky"), step.sticky},
          {QStringLiteral("command"), written(step.command)},
          {QStringLiteral("failed"), step.failed},
          {QStringLiteral("detail"), step.detail},
          {QStringLiteral("remaining_ms"), step.remainingMs}};
}
std::optional<RollbackStep> stepFrom(const QJsonObject& object, const Slots& now) {
  const auto kind = kindOf(object.value(u"kind").toString());
  const auto state = stateOf(object.value(u"state").toString());
  if (!kind || !state) return std::nullopt;
  RollbackStep step;
  step.kind = *kind;
  step.state = *state;
  step.slot = now.value(object.value(u"slot").toInt(-1), -1);
  step.instance = object.value(u"instance").toString();
  step.from = object.value(u"from").toString();
  step.to = object.value(u"to").toString();
  step.servers = wordsIn(object, u"servers");
  step.sticky = object.value(u"sticky").toBool();
  step.command = wordsIn(object, u"command");
  step.failed = object.value(u"failed").toBool();
  step.detail = object.value(u"detail").toString();
  step.remainingMs = object.value(u"remaining_ms").toInteger();
  return step;
}

template <typename List>
QJsonArray all(const List& list) {
  QJsonArray array;
  for (const auto& one : list) array.append(written(one));
  return array;
}

}  // namespace

QJsonObject toJson(const RollbackSpec& spec) {
  const bool restart = spec.plan == RollbackSpec::Plan::Restart;
  return {{QStringLiteral("plan"), restart ? QStringLiteral("restart") : QStringLiteral("mode")},
          {QStringLiteral("to"), spec.to},
          {QStringLiteral("keep"), spec.keep},
          {QStringLiteral("skip"), written(spec.skip)},
          {QStringLiteral("attended"), spec.attended},
          {QStringLiteral("break_lock"), spec.breakLock},
          {QStringLiteral("owner"), spec.owner},
          {QStringLiteral("nginx_file"), spec.nginxFile},
          {QStringLiteral("reload_command"), written(spec.reloadCommand)},
          {QStringLiteral("restart_command"), written(spec.restartCommand)},
          {QStringLiteral("watch_s"), spec.watchSec}};
}

RollbackSpec specFrom(const QJsonObject& object) {
  RollbackSpec spec;
  const bool restart = object.value(u"plan").toString() == QStringLiteral("restart");
  spec.plan = restart ? RollbackSpec::Plan::Restart : RollbackSpec::Plan::Mode;
  spec.to = object.value(u"to").toString();
  spec.keep = object.value(u"keep").toString();
  spec.skip = wordsIn(object, u"skip");
  spec.attended = object.value(u"attended").toBool();
  spec.breakLock = object.value(u"break_lock").toBool();
  spec.owner = object.value(u"owner").toString();
  spec.nginxFile = object.value(u"nginx_file").toString();
  spec.reloadCommand = wordsIn(object, u"reload_command");
  spec.restartCommand = wordsIn(object, u"restart_command");
  spec.watchSec = object.value(u"watch_s").toInt();
  return spec;
}

QJsonObject toJson(const Progress& progress) {
  const RollbackPlan& plan = progress.plan;
  return {{QStringLiteral("version"), version},
          {QStringLiteral("spec"), toJson(progress.spec)},
          {QStringLiteral("operation"), progress.operation.id},
          {QStringLiteral("owner"), progress.operation.owner},
          {QStringLiteral("warnings"), written(plan.warnings)},
          {QStringLiteral("summary"), plan.summary},
          {QStringLiteral("members"), all(plan.members)},
          {QStringLiteral("steps"), all(plan.steps)},
          {QStringLiteral("mode"), plan.mode},
          {QStringLiteral("nginx"), base64(plan.nginx)},
          {QStringLiteral("outsiders"), written(plan.outsiders)},
          {QStringLiteral("redis_dead"), plan.redisDead},
          {QStringLiteral("waits"), plan.waitsForDrain},
          {QStringLiteral("at"), progress.at},
          {QStringLiteral("planned"), progress.planned},
          {QStringLiteral("undoing"), progress.undoing},
          {QStringLiteral("ended"), progress.ended},
          {QStringLiteral("modes"), written(progress.modes)},
          {QStringLiteral("now"), written(progress.now)},
          {QStringLiteral("held"), written(progress.held)},
          {QStringLiteral("touched"), written(progress.touched)},
          {QStringLiteral("changed"), written(progress.changed)},
          {QStringLiteral("stopped"), written(progress.stopped)},
          {QStringLiteral("left_out"), written(progress.leftOut)},
          {QStringLiteral("boots"), written(progress.boots)},
          {QStringLiteral("file_before"), base64(progress.fileBefore)},
          {QStringLiteral("file"), base64(progress.file)},
          {QStringLiteral("reload"), static_cast<int>(progress.reload)},
          {QStringLiteral("before"), written(progress.before)},
          {QStringLiteral("since"), written(progress.since)},
          {QStringLiteral("not_restored"), written(progress.notRestored)},
          {QStringLiteral("reason"), progress.reason}};
}

std::optional<Progress> progressFrom(const QJsonObject& object, const SlotOf& slotOf) {
  if (object.value(u"version").toInt() != version) return std::nullopt;
  Progress progress;
  progress.spec = specFrom(json::child(object, u"spec"));
  progress.operation = {object.value(u"operation").toString(), object.value(u"owner").toString()};
  RollbackPlan& plan = progress.plan;
  Slots now;
  const QJsonArray members = object.value(u"members").toArray();
  for (const QJsonValue& value : members) {
    RollbackMember member = memberFrom(value.toObject());
    const int then = member.slot, found = slotOf(member.id, member.url);
    member.slot = found >= 0 ? found : noSlot + static_cast<int>(now.size());
    now.insert(then, member.slot);
    plan.members << member;
  }
  const QJsonArray steps = object.value(u"steps").toArray();
  for (const QJsonValue& value : steps) {
    const auto step = stepFrom(value.toObject(), now);
    if (!step) return std::nullopt;
    plan.steps << *step;
  }
  plan.warnings = wordsIn(object, u"warnings");
  plan.summary = object.value(u"summary").toString();
  plan.mode = object.value(u"mode").toString();
  plan.nginx = bytesIn(object, u"nginx");
  plan.outsiders = wordsIn(object, u"outsiders");
  plan.redisDead = object.value(u"redis_dead").toBool();
  plan.waitsForDrain = object.value(u"waits").toBool();
  progress.at = object.value(u"at").toInt(-1);
  progress.planned = object.value(u"planned").toInt(-1);
  progress.undoing = object.value(u"undoing").toBool();
  progress.ended = object.value(u"ended").toBool();
  progress.modes = bySlotIn<QString>(object, u"modes", now);
  progress.now = bySlotIn<QString>(object, u"now", now);
  progress.held = slotsIn(object, u"held", now);
  progress.touched = slotsIn(object, u"touched", now);
  progress.changed = slotsIn(object, u"changed", now);
  progress.stopped = slotsIn(object, u"stopped", now);
  progress.leftOut = slotsIn(object, u"left_out", now);
  progress.boots = bySlotIn<qint64>(object, u"boots", now);
  progress.fileBefore = bytesIn(object, u"file_before");
  progress.file = bytesIn(object, u"file");
  progress.reload = static_cast<Progress::Reload>(std::clamp(object.value(u"reload").toInt(), 0, 2));
  progress.before = bySlotIn<Counters>(object, u"before", now);
  progress.since = bySlotIn<Counters>(object, u"since", now);
  progress.notRestored = wordsIn(object, u"not_restored");
  progress.reason = object.value(u"reason").toString();
  const bool sound = !progress.operation.id.isEmpty() && !plan.members.isEmpty() && progress.at >= 0 &&
                     progress.at <= plan.steps.size() && progress.planned > 0 && progress.planned <= plan.steps.size();
  return sound ? std::optional(progress) : std::nullopt;
}

}  // namespace vx11::cluster::rollback
