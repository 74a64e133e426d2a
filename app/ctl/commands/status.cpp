#include <QJsonArray>
#include <algorithm>

#include "ctl/commands/commands.h"
#include "ctl/words.h"

namespace vx11::ctl {
namespace {

using cluster::InstanceInfo;

class Status final : public Command {
 public:
  using Command::Command;
  void run(cluster::Cluster& cluster) override {
    const auto& instances = cluster.instances();
    QJsonArray list;
    for (const InstanceInfo& instance : instances) list.append(toJson(instance));
    out_.document({{QStringLiteral("instances"), list}});
    show(instances);

    const auto refuses = [](const InstanceInfo& instance) {
      return instance.reason == QStringLiteral("refused_principal");
    };
    for (const InstanceInfo& instance : instances) {
      if (!answers(instance))
        out_.note(whySilent(instance));
      else if (refuses(instance))
        out_.note(tr("%1 refuses the principal").arg(instance.url.toString()));
      else if (instance.state == cluster::InstanceState::Degraded)
        out_.note(whyDegraded(instance));
      else if (instance.mode.isEmpty() && instance.version.isEmpty()) {
        out_.note(
            tr("%1 answers, but tells nothing of itself: a backend with the public calls only, or no VX11 service")
                .arg(instance.url.toString()));
      }
    }
    if (std::none_of(instances.begin(), instances.end(), answers))
      finish(Exit::Unreachable);
    else
      finish(std::all_of(instances.begin(), instances.end(), refuses) ? Exit::No : Exit::Worked);
  }

 private:
  static QString whyDegraded(const InstanceInfo& instance) {
    if (instance.reason == QStringLiteral("redis_down")) return tr("%1 can't reach Redis").arg(instance.id);
    if (instance.reason == QStringLiteral("other_mode"))
      return tr("%1 is in mode %2, unlike the others").arg(instance.id, instance.mode);
    return tr("%1 answers, but not as it should: %2").arg(instance.id, QString(instance.reason).replace(u'_', u' '));
  }

  void show(const QList<InstanceInfo>& instances) {
    using enum Table::Side;
    Table table({{tr("INSTANCE")},
                 {tr("STATE")},
                 {tr("MODE")},
                 {tr("TOKENS"), Right},
                 {tr("STREAMS"), Right},
                 {tr("ISSUED"), Right},
                 {tr("CHECKED"), Right},
                 {tr("CHECK P95"), Right},
                 {tr("UP"), Right},
                 {tr("VERSION")},
                 {tr("ADDRESS")}});
    for (const InstanceInfo& instance : instances) {
      const auto p95 = instance.checkLatency ? std::optional(instance.checkLatency->p95) : std::nullopt;
      table.add({{instance.id},
                 {stateWord(instance.state), toneOf(instance.state)},
                 {instance.mode.isEmpty() ? QStringLiteral("–") : instance.mode},
                 {counted(instance.liveTokens)},
                 {counted(instance.streams)},
                 {counted(instance.issuedTotal)},
                 {counted(instance.checkedTotal)},
                 {inMs(p95)},
                 {instance.uptimeSec ? lasting(*instance.uptimeSec) : QStringLiteral("–")},
                 {instance.version.isEmpty() ? QStringLiteral("–") : instance.version},
                 {instance.url.toString(), Tone::Faint}});
    }
    out_.table(table);
  }
};

}  // namespace

CommandSpec statusCommand() {
  return {{.name = QStringLiteral("status"),
           .words = {},
           .summary = tr("how each instance is; 3 when none answers"),
           .options = {}},
          {.principal = false, .discovery = true},
          false,
          [](Output& output) -> std::unique_ptr<Command> { return std::make_unique<Status>(output); }};
}

}  // namespace vx11::ctl
