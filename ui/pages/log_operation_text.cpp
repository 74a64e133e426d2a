#include "pages/log_operation_text.h"

#include <QCoreApplication>

namespace vx11::ui::logtext {
namespace {

struct Words {
  Q_DECLARE_TR_FUNCTIONS(vx11::ui::LogText)
};

bool isRestart(const Fields& f) { return f.text("plan") == QStringLiteral("restart"); }

/// "Switch to memory", to begin a sentence with.
QString nameOf(const Fields& f) {
  return isRestart(f) ? Words::tr("Rolling restart") : Words::tr("Switch to %1").arg(f.text("to"));
}

}  // namespace

QString dryRunBegun(const Fields& f) {
  return isRestart(f) ? Words::tr("Dry run of the rolling restart begins")
                      : Words::tr("Dry run of the switch to %1 begins").arg(f.text("to"));
}

QString operationBegun(const Fields& f) {
  return isRestart(f) ? Words::tr("Rolling restart of %1 instances begins").arg(f.count("instances"))
                      : Words::tr("Switch of %1 instances to %2 begins").arg(f.count("instances"), f.text("to"));
}

QString operationResumed(const Fields& f) { return Words::tr("%1 goes on where it was interrupted").arg(nameOf(f)); }

QString operationEnded(const Fields& f) {
  const QString result = f.text("result");
  if (result == QStringLiteral("done") && f.flag("dry_run")) {
    return isRestart(f) ? Words::tr("Dry run of the rolling restart: it can be done")
                        : Words::tr("Dry run of the switch to %1: it can be done").arg(f.text("to"));
  }
  if (result == QStringLiteral("done")) {
    return isRestart(f) ? Words::tr("All instances restarted") : Words::tr("Switched to %1").arg(f.text("to"));
  }
  if (result == QStringLiteral("refused"))
    return sentences(Words::tr("%1 not begun.").arg(nameOf(f)), f.text("reason"));
  const QString aborted = f.flag("restored") ? Words::tr("%1 aborted, all instances are as before.")
                                             : Words::tr("%1 aborted, not all instances are as before.");
  return sentences(aborted.arg(nameOf(f)), f.text("reason"));
}

QString commandRun(const Fields& f) {
  return f.text("instance").isEmpty() ? Words::tr("Runs %1").arg(f.text("command"))
                                      : Words::tr("Runs %1 for %2").arg(f.text("command"), f.text("instance"));
}

QString commandSaid(const Fields& f) { return Words::tr("It says: %1").arg(f.text("text")); }

QString commandEnded(const Fields& f) {
  if (!f.text("text").isEmpty()) return Words::tr("The command failed: %1").arg(f.text("text"));
  return f.number("exit_code") == 0 ? Words::tr("The command is done")
                                    : Words::tr("The command failed with exit code %1").arg(f.number("exit_code"));
}

}  // namespace vx11::ui::logtext
