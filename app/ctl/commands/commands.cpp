#include "ctl/commands/commands.h"

namespace vx11::ctl {

QList<CommandSpec> allCommands() {
  return {statusCommand(), issueCommand(), checkCommand(),   revokeCommand(),       tokensCommand(),   matrixCommand(),
          redisCommand(),  watchCommand(), publishCommand(), localClusterCommand(), rollbackCommand(), restartCommand()};
}

}  // namespace vx11::ctl
