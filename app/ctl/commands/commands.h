// The commands of vx11ctl, each from a file of its own.
#pragma once

#include "ctl/command.h"

namespace vx11::ctl {

[[nodiscard]] CommandSpec statusCommand();
[[nodiscard]] CommandSpec issueCommand();
[[nodiscard]] CommandSpec checkCommand();
[[nodiscard]] CommandSpec revokeCommand();
[[nodiscard]] CommandSpec tokensCommand();
[[nodiscard]] CommandSpec matrixCommand();
[[nodiscard]] CommandSpec redisCommand();
[[nodiscard]] CommandSpec watchCommand();
[[nodiscard]] CommandSpec publishCommand();
[[nodiscard]] CommandSpec localClusterCommand();
[[nodiscard]] CommandSpec rollbackCommand();
[[nodiscard]] CommandSpec restartCommand();

/// In the order of the help.
[[nodiscard]] QList<CommandSpec> allCommands();

}  // namespace vx11::ctl
