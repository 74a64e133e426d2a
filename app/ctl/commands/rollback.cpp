#include "ctl/commands/commands.h"
#include "ctl/commands/operation.h"
#include "ctl/words.h"

namespace vx11::ctl {

using Plan = cluster::RollbackSpec::Plan;

CommandSpec rollbackCommand() {
  return {{.name = QStringLiteral("rollback"),
           .words = QStringLiteral("--to MODE"),
           .summary = tr("change the mode of every instance, one after the other; 1 when it was put back"),
           .options = QList<OptionSpec>{{QStringLiteral("--to"), QStringLiteral("MODE"),
                                         tr("memory, single, redis, hybrid or signed")},
                                        {QStringLiteral("--keep"), QStringLiteral("ID"),
                                         tr("the instance that stays, of single")},
                                        {QStringLiteral("--watch-seconds"), QStringLiteral("S"),
                                         tr("how long refusals are watched afterwards (60); 0: don't wait")}} +
                      Operation::commonOptions()},
          {.principal = true, .discovery = true},
          false,
          [](Output& output) -> std::unique_ptr<Command> { return std::make_unique<Operation>(output, Plan::Mode); }};
}

CommandSpec restartCommand() {
  return {{.name = QStringLiteral("restart"),
           .words = {},
           .summary = tr("drain and restart every instance, one after the other"),
           .options = Operation::commonOptions()},
          {.principal = true, .discovery = true},
          false,
          [](Output& output) -> std::unique_ptr<Command> { return std::make_unique<Operation>(output, Plan::Restart); }};
}

}  // namespace vx11::ctl
