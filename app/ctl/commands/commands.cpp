#include "ctl/commands/commands.h"

namespace vx11::ctl {

QList<CommandSpec> allCommands() {
  return {statusCommand(), issueCommand(), checkCommand(), revokeCommand(), tokensCommand(), watchCommand()};
}

}  // namespace vx11::ctl
