// One run of vx11ctl: the command line, the cluster, the command, and how it ends.
#pragma once

#include <QCoreApplication>
#include <QStringList>

#include "ctl/command.h"

namespace vx11::ctl {

/// `words` without the program's name. Runs the application's event loop; returns the exit code.
[[nodiscard]] int runProgram(QCoreApplication& application, const QStringList& words,
                             const QList<CommandSpec>& commands);

/// What --help says; of one command, when its name is given.
[[nodiscard]] QString helpText(const QList<CommandSpec>& commands, const QString& command);

}  // namespace vx11::ctl
